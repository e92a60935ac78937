// Trying the formulas of an agreement or a template: what they give for a period, and the names they can use.
frappe.provide("ops_delivery.agreement");

ops_delivery.once("agreement/assess.js", () => {
	const { esc } = ops_delivery;
	const number = (value, digits = 2) =>
		value == null ? "–" : format_number(value, null, digits).replace(/([.,]\d*?)0+$/, "$1").replace(/[.,]$/, "");
	const money = (value, currency) => format_currency(value || 0, currency);

	/** The last whole period that was to be assessed, by the agreed frequency. */
	function default_period(doc) {
		const months = { Monthly: 1, Quarterly: 3, "Half-yearly": 6, Yearly: 12 }[doc.assessment_frequency] || 3;
		const today = frappe.datetime.get_today();
		const from = frappe.datetime.add_months(`${today.slice(0, 7)}-01`, -months);
		const start = doc.start_date && doc.start_date > from ? doc.start_date : from;
		return [start, frappe.datetime.add_days(frappe.datetime.add_months(start, months), -1)];
	}

	ops_delivery.agreement.try_formulas = async (frm) => {
		const names = await frappe.xcall("ops_delivery.api.agreements.formula_names", { doc: frm.doc });
		const [from_date, to_date] = default_period(frm.doc);
		const typed = names.filter((row) => row.typed);
		const dialog = new frappe.ui.Dialog({
			title: __("Try the formulas"),
			size: "extra-large",
			fields: [
				{ fieldname: "from_date", fieldtype: "Date", label: __("From"), reqd: 1, default: from_date },
				{ fieldtype: "Column Break" },
				{ fieldname: "to_date", fieldtype: "Date", label: __("To", null, "Ops Delivery"), reqd: 1, default: to_date },
				{ fieldtype: "Section Break", label: typed.length ? __("Own figures") : "" },
				...typed.flatMap((row, index) => [
					{
						fieldname: `typed_${index}`,
						fieldtype: "Float",
						label: row.meaning || row.name,
						description: row.name,
						default: row.example ?? undefined,
					},
					{ fieldtype: "Column Break" },
				]),
				{ fieldtype: "Section Break" },
				{ fieldname: "answer", fieldtype: "HTML" },
				{ fieldname: "names", fieldtype: "HTML" },
			],
			primary_action_label: __("Work it out"),
			primary_action: () => work_out(),
		});
		ops_delivery.plain_numbers(dialog);
		const $answer = dialog.fields_dict.answer.$wrapper.attr("aria-live", "polite");
		dialog.fields_dict.names.$wrapper.html(`<details class="ops-names"><summary>${__(
			"Names that formulas can use"
		)}</summary><table class="table table-sm"><tbody>${names
			.map((row) => `<tr><td><code>${esc(row.name)}</code></td><td>${esc(row.meaning)}</td></tr>`)
			.join("")}</tbody></table><p class="text-muted">${__(
			"Score, reward and penalty of a metric also know value and target, the last two score as well. The amount by score knows score, rewards and penalties. Possible are + - * / **, comparisons, if … else, min, max, round and abs."
		)}</p></details>`);

		async function work_out() {
			const values = dialog.get_values();
			if (!values) return;
			const figures = {};
			typed.forEach((row, index) => {
				const control = dialog.fields_dict[`typed_${index}`];
				if (control.$input.val() !== "") figures[row.name] = values[`typed_${index}`];
			});
			try {
				const result = await ask("try_assessment", {
					doc: frm.doc,
					from_date: values.from_date,
					to_date: values.to_date,
					typed: figures,
				});
				$answer.html(result_html(result));
			} catch (message) {
				$answer.html(
					`<div class="ops-objection" role="alert">${frappe.utils.icon(
						"solid-warning",
						"sm"
					)} <span>${message}</span></div>`
				);
			}
		}
		dialog.show();
		work_out();
	};

	/** Resolves with the answer; rejects with the server's message as HTML, without a pop-up. */
	function ask(method, args) {
		return new Promise((resolve, reject) => {
			frappe.call({
				method: `ops_delivery.api.agreements.${method}`,
				args,
				silent: true,
				callback: (r) => resolve(r.message),
				error: (r) => {
					try {
						reject(JSON.parse(r._server_messages).map((text) => JSON.parse(text).message).join("<br>"));
					} catch {
						reject(__("The server did not answer as expected. Reload the page and try again."));
					}
				},
			});
		});
	}

	function result_html(result) {
		const rows = result.lines.map((line) => {
			const sign = line.direction === "At Most" ? "≤" : "≥";
			const state = line.lacking
				? __("not assessed: {0} has no value", [esc(line.lacking)])
				: line.reached
				? __("Target reached")
				: __("Target missed");
			return `<tr><th scope="row">${esc(line.metric)}<small><code>${esc(line.formula)}</code></small></th>
				<td class="text-end">${number(line.value)} ${line.value == null ? "" : esc(line.unit)}</td>
				<td class="text-end">${sign} ${number(line.target)}</td>
				<td>${state}</td>
				<td class="text-end">${number(line.score)}</td>
				<td class="text-end">${number(line.weight)} %</td>
				<td class="text-end">${line.reward ? money(line.reward, result.currency) : ""}</td>
				<td class="text-end">${line.penalty ? `−${money(line.penalty, result.currency)}` : ""}</td></tr>`;
		});
		const facts = [
			[__("Score", null, "Agreement Assessment"), number(result.score)],
			[__("Fee of the period"), money(result.figures.fee, result.currency)],
			[__("Amount by score"), money(result.by_score, result.currency)],
			[__("Added to the fee"), `${money(result.amount, result.currency)}${result.capped ? ` (${__("limited as agreed")})` : ""}`],
		];
		return `<div class="ops-summary">${facts
			.map(([label, value]) => `<div><span>${label}</span> <b>${value}</b></div>`)
			.join("")}</div>
			<div class="ops-matrix-scroll"><table class="ops-matrix ops-assessment"><thead><tr>
			${[__("Metric"), __("Value", null, "Ops Delivery"), __("Target value"), __("Result"), __("Score", null, "Agreement Assessment"), __("Weight", null, "Ops Delivery"), __("Reward"), __("Penalty")]
				.map((label) => `<th scope="col">${label}</th>`)
				.join("")}
			</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
	}
});
