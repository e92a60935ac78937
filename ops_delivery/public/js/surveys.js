// What the forms of surveys share: answers, a round's figures, the steps of a survey (5.4.c).
frappe.provide("ops_delivery.surveys");

(() => {
	const { esc } = ops_delivery;
	const number = (value) => format_number(value, null, 1);
	const WORTH = { "Too Few": "orange", Unsure: "orange", Sound: "green" };

	ops_delivery.surveys.answers = (rows) => {
		if (!rows.length) return `<p class="text-muted">${__("No answers to show.")}</p>`;
		const body = rows
			.map((row) => {
				const points = row.points === null ? "" : number(row.points);
				const conduct = row.conduct ? ` <span class="text-muted">(${__("Conduct")})</span>` : "";
				const low = row.points !== null && row.points < 50 ? "text-danger" : "";
				return `<tr><td>${esc(row.question)}${conduct}</td><td style="white-space:pre-line">${esc(
					row.answer
				)}</td><td class="text-right ${low}">${points}</td></tr>`;
			})
			.join("");
		return `<table class="table table-sm"><thead><tr><th>${__("Survey Question")}</th><th>${__("Answer", null, "Survey Answer")}</th>
			<th class="text-right">${__("Points", null, "Ops Delivery")}</th></tr></thead><tbody>${body}</tbody></table>`;
	};

	ops_delivery.surveys.round = (facts) => {
		const share = facts.asked ? (100 * facts.answered) / facts.asked : 0;
		const asked = `<p>${__("{0} of {1} have answered ({2} %).", [facts.answered, facts.asked, number(share)])}</p>`;
		if (!facts.shown) {
			const why = facts.closed
				? __("Fewer than {0} answered, so the answers of this round are never shown.", [facts.needed])
				: __("The answers are shown when the round is over, if at least {0} have come.", [facts.needed]);
			return `${asked}<p class="text-muted">${why}</p>`;
		}
		const { mean, low, high, meaning } = facts.figures;
		if (mean === null) return asked;
		const range = low === null ? "" : ` · ${__("95 % between {0} and {1}", [number(low), number(high)])}`;
		return `${asked}<p><b>${__("Score {0} of 100", [number(mean)])}</b>${range}
			<span class="indicator-pill ${WORTH[meaning]}">${__(meaning)}</span></p>`;
	};

	ops_delivery.surveys.buttons = (frm) => {
		if (!frm.perm[0]?.write) return;
		const call = (method, values) =>
			frappe.xcall(`ops_delivery.api.surveys.${method}`, { name: frm.doc.name, ...values }).then(() => frm.reload_doc());
		const { state, anonymous, person_email: email } = frm.doc;
		if (state === "Asked" && !anonymous) {
			frm.add_custom_button(__("Record an answer"), () => record(frm, call)).addClass("btn-primary");
		}
		if (["Asked", "Expired"].includes(state) && email) {
			frm.add_custom_button(__("Ask again"), () =>
				frappe.confirm(__("Send a new link? The older one stops working."), () => call("ask_again"))
			);
		}
		if (state === "Asked") {
			frm.add_custom_button(__("Withdraw"), () =>
				ops_delivery.ask({
					title: __("Withdraw the survey"),
					label: __("Withdraw"),
					fields: [{ fieldname: "reason", fieldtype: "Small Text", label: __("Why"), reqd: 1 }],
					action: (given) => call("withdraw", given),
				})
			);
		}
	};

	const record = async (frm, call) => {
		const questions = await frappe.xcall("ops_delivery.api.surveys.questions", { name: frm.doc.name }, "GET");
		const field = (row, index) => ({
			fieldname: `q${index}`,
			label: esc(row.text),
			fieldtype: row.type === "Text" ? "Small Text" : "Select",
			options: ["", ...row.choices.map(([value, label]) => ({ value, label }))],
			reqd: row.required,
		});
		ops_delivery.ask({
			title: __("Record an answer"),
			fields: [
				{ fieldname: "by_name", fieldtype: "Data", label: __("Who answered"), default: frm.doc.person_name, reqd: 1 },
				{ fieldname: "answered_on", fieldtype: "Datetime", label: __("When"), description: __("Blank: now") },
				{
					fieldname: "how",
					fieldtype: "Small Text",
					label: __("How the customer said so"),
					description: __("Such as: by phone to Li Wei"),
					reqd: 1,
				},
				{ fieldtype: "Section Break" },
				...questions.map(field),
			],
			label: __("Save"),
			action: ({ by_name, how, answered_on, ...given }) => {
				const answers = {};
				questions.forEach((row, index) => given[`q${index}`] && (answers[row.key] = given[`q${index}`]));
				return call("record", { answers, by_name, how, answered_on });
			},
		});
	};

	/** Optimization plans and consulting reports: offer the surveys' scores; nothing is saved. */
	ops_delivery.surveys.take = async (frm) => {
		const found = await frappe.xcall(
			"ops_delivery.api.surveys.scores_for",
			{ doctype: frm.doctype, name: frm.doc.name },
			"GET"
		);
		if (!found.before && !found.after) {
			frappe.msgprint(__("No survey of this customer was answered in the year before, or since."));
			return;
		}
		if (found.before) await frm.set_value("satisfaction_before", found.before.mean);
		if (found.after) await frm.set_value("satisfaction_after", found.after.mean);
		const note = [frm.doc.satisfaction_note, found.note].filter(Boolean).join("\n");
		await frm.set_value("satisfaction_note", note);
		frm.scroll_to_field("satisfaction_before");
		frappe.show_alert({ message: __("Taken from surveys; look it over and save."), indicator: "green" });
	};

	const offer = {
		refresh(frm) {
			if (!frm.is_new() && frm.perm[0]?.write) {
				frm.add_custom_button(__("Take satisfaction from surveys"), () => ops_delivery.surveys.take(frm), __("Actions"));
			}
		},
	};
	frappe.ui.form.on("Optimization Plan", offer);
	frappe.ui.form.on("Consulting Report", offer);
})();
