// The trial run of an optimization plan on its form: does it hold, the readings against their targets, what is left over.
frappe.provide("ops_delivery.trial_run");

(() => {
	const { esc } = ops_delivery;
	const number = (value) => format_number(value, null, Number.isInteger(value) ? 0 : 2);
	const VERDICTS = { "Within Target": "green", "Outside Target": "red", Settling: "gray", "Set Aside": "gray" };
	const html_of = (frm, fieldname) => frm.fields_dict[fieldname].$wrapper;

	ops_delivery.trial_run.clear = (frm) => {
		["trial_html", "leftovers_html"].forEach((fieldname) => html_of(frm, fieldname).empty());
		const first = __("Save the plan first.");
		if (frm.is_new()) ["trial_html", "leftovers_html"].forEach((f) => html_of(frm, f).html(muted(first)));
	};

	ops_delivery.trial_run.show = (frm, { trial }) => {
		const $box = html_of(frm, "trial_html").empty();
		const { status, trial_days: days } = frm.doc;
		if (!trial.readings.length && !["Trial Run", "Closed", "Rolled Back"].includes(status)) {
			$box.html(
				muted(__("The trial run begins when every step is done. Planned: {0} days of observation.", [days || 0]))
			);
			return;
		}
		const running = status === "Trial Run";
		const may_read = frappe.model.can_create("Trial Reading");
		const may_write = frm.perm[0]?.write;
		$box.html(
			`<div class="ops-trial">
				${summary(trial, status)}
				<p class="ops-trial-actions">
					${running && may_read ? button("readings", __("Enter readings"), "btn-primary") : ""}
					${running && may_write && !trial.held ? button("accept", __("Accept otherwise")) : ""}
					${trial.readings.length ? button("list", __("All readings")) : ""}
				</p>
				<div class="ops-trial-metrics">${trial.metrics.map(card).join("")}</div>
				${table(trial.readings)}
			</div>`
		);
		$box.find("[data-do=readings]").on("click", () => enter(frm, trial));
		$box.find("[data-do=accept]").on("click", () => accept(frm));
		$box.find("[data-do=list]").on("click", () => frappe.set_route("List", "Trial Reading", { plan: frm.doc.name }));
		when_visible($box, () =>
			$box.find(".ops-trial-chart").each((index, place) => chart(place, trial.metrics[index], trial.readings))
		);
	};

	ops_delivery.trial_run.show_leftovers = (frm, { leftovers, leftovers_missing }) => {
		const $box = html_of(frm, "leftovers_html").empty();
		const may = frappe.model.can_create("Service Leftover") && frm.perm[0]?.write;
		const may_add = may && !["Draft", "Cancelled"].includes(frm.doc.status);
		const items = leftovers.map(
			(row) => `<li>
				<a href="${frappe.utils.get_form_link("Service Leftover", row.name)}">${esc(row.subject)}</a>
				<span class="indicator-pill ${["Solved", "Waived"].includes(row.state) ? "green" : "orange"}">${esc(
				__(row.state, null, "Service Leftover")
			)}</span>
				<div class="text-muted">${[
					row.treatment || __("no measure"),
					row.owner_user ? row.owner_name || row.owner_user : __("no owner"),
					row.due_date ? frappe.datetime.str_to_user(row.due_date) : __("no date"),
				]
					.map(esc)
					.join(" · ")}</div>
			</li>`
		);
		$box.html(
			`${items.length ? `<ul class="ops-leftovers">${items.join("")}</ul>` : muted(__("Nothing is left over so far."))}
			${
				leftovers_missing.length
					? `<p class="ops-problem">${leftovers_missing.map(esc).join("<br>")}</p>`
					: ""
			}
			${may_add ? button("leftover", __("Note a leftover")) : ""}`
		);
		$box.find("[data-do=leftover]").on("click", () => note_leftover(frm));
	};

	function summary(trial, status) {
		if (trial.held) return note("green", __("The trial run has held: it is over, and every metric kept its target."));
		const reasons = `<ul>${trial.reasons.map((reason) => `<li>${esc(reason)}</li>`).join("")}</ul>`;
		if (trial.decided) return note("yellow", `${__("It has not held, and was accepted otherwise:")}${reasons}`);
		return note(status === "Trial Run" ? "blue" : "gray", `${__("The trial run has not held yet:")}${reasons}`);
	}

	function card(metric) {
		const state = metric.outside ? "red" : metric.counted ? "green" : "gray";
		return `<section class="ops-trial-metric">
			<h6><span class="indicator ${state}"></span>${esc(metric.name)}</h6>
			<dl>
				<div><dt>${__("Before", null, "Optimization Metric")}</dt><dd>${esc(metric.baseline_text)}</dd></div>
				<div><dt>${__("Target")}</dt><dd>${esc(metric.target_text)}</dd></div>
				<div><dt>${__("Last value")}</dt><dd>${esc(metric.last_text)}</dd></div>
				<div><dt>${__("Readings that count")}</dt><dd>${metric.counted}</dd></div>
			</dl>
			<div class="ops-trial-chart"></div>
		</section>`;
	}

	/** Lines of the readings with the target and the value before as level lines; the table below says the same. */
	function chart(place, metric, readings) {
		const rows = readings.filter((row) => row.metric === metric.name && !row.set_aside);
		if (!rows.length) {
			$(place).html(muted(__("No reading yet.")));
			return;
		}
		new frappe.Chart(place, {
			type: "line",
			height: 170,
			animate: false,
			colors: ["#0289f7"],
			data: {
				labels: rows.map((row) => moment(row.taken_on).format("MM-DD")),
				datasets: [{ name: metric.name, values: rows.map((row) => row.value) }],
				yMarkers: [
					{ label: __("Target"), value: metric.target, options: { labelPos: "right" } },
					{ label: __("Before", null, "Optimization Metric"), value: metric.baseline || 0, options: { labelPos: "left" } },
				],
			},
			axisOptions: { xAxisMode: "tick", xIsSeries: 1, shortenYAxisNumbers: 1 },
			lineOptions: { dotSize: 5, hideLine: rows.length < 2 ? 1 : 0 },
			tooltipOptions: { formatTooltipY: (value) => `${number(value)} ${metric.unit}` },
		});
		$(place).attr({ role: "img", "aria-label": __("{0}: readings against the target", [metric.name]) });
	}

	function table(readings) {
		if (!readings.length) return "";
		const rows = [...readings].reverse().map(
			(row) => `<tr${row.set_aside ? ' class="text-muted"' : ""}>
				<td><a href="${frappe.utils.get_form_link("Trial Reading", row.name)}">${esc(
				frappe.datetime.str_to_user(row.taken_on)
			)}</a></td>
				<td>${esc(row.metric)}</td>
				<td class="text-right">${esc(row.text)}</td>
				<td><span class="indicator-pill ${VERDICTS[row.verdict]}">${esc(__(row.verdict, null, "Trial Reading"))}</span></td>
				<td>${esc(row.by || row.taken_by)}${
				row.set_aside_reason ? `<br>${esc(row.set_aside_reason)}` : ""
			}</td>
			</tr>`
		);
		return `<details class="ops-trial-readings"${readings.length <= 6 ? " open" : ""}>
			<summary>${__("Readings", null, "Trial Reading")} (${readings.length})</summary>
			<div class="ops-matrix-scroll"><table class="table table-sm">
				<thead><tr><th>${__("Taken on")}</th><th>${__("Metric")}</th><th class="text-right">${__("Value", null, "Ops Delivery")}</th>
				<th>${__("Verdict")}</th><th>${__("Taken by")}</th></tr></thead><tbody>${rows.join("")}</tbody>
			</table></div>
		</details>`;
	}

	function enter(frm, trial) {
		const fields = [
			{
				fieldname: "taken_on",
				fieldtype: "Datetime",
				label: __("Taken on"),
				description: __("Leave it blank for now"),
			},
			{ fieldtype: "Section Break" },
		];
		trial.metrics.forEach((metric, index) => {
			fields.push({
				fieldname: `value_${index}`,
				fieldtype: "Data",
				label: `${metric.name} (${metric.unit})`,
				description: __("Target: {0}", [metric.target_text]),
			});
		});
		fields.push({ fieldtype: "Section Break" }, { fieldname: "remark", fieldtype: "Small Text", label: __("Remark") });
		ops_delivery.ask({
			title: __("Enter readings"),
			fields,
			label: __("Save"),
			action: (given) => {
				const values = trial.metrics.map((metric, index) => ({
					metric: metric.name,
					value: given[`value_${index}`] ?? null,
					remark: given.remark || null,
				}));
				return frappe.xcall("ops_delivery.api.optimization.add_readings", {
					plan: frm.doc.name, values, taken_on: given.taken_on || null,
				});
			},
			done: () => frm.trigger("refresh"),
		});
	}

	function accept(frm) {
		if (frm.is_dirty()) {
			frappe.msgprint(__("Save the plan first."));
			return;
		}
		ops_delivery.ask({
			title: __("Accept otherwise"),
			intro: __("The plan can then be closed although the trial run has not held. The decision stays on record."),
			fields: [
				{ fieldname: "party", fieldtype: "Select", label: __("Party", null, "Optimization Plan"), options: party_options(), reqd: 1 },
				{ fieldname: "person", fieldtype: "Data", label: __("Decided by"), reqd: 1 },
				{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
			],
			label: __("Record the decision"),
			action: (given) => frappe.xcall("ops_delivery.api.optimization.accept_otherwise", { plan: frm.doc.name, ...given }),
			done: () => frm.reload_doc(),
		});
	}

	function party_options() {
		return ["Customer", "Supplier", "Both Parties"].map((value) => ({ value, label: __(value, null, "Optimization Plan") }));
	}

	function note_leftover(frm) {
		ops_delivery.ask({
			title: __("Note a leftover"),
			fields: [
				{ fieldname: "subject", fieldtype: "Data", label: __("What is left"), reqd: 1 },
				{ fieldname: "treatment", fieldtype: "Small Text", label: __("Measure"), reqd: 1 },
				{ fieldname: "owner", fieldtype: "Link", options: "User", label: __("Owner", null, "Service Leftover"), reqd: 1 },
				{ fieldname: "due", fieldtype: "Date", label: __("Due"), reqd: 1 },
			],
			label: __("Save"),
			action: (given) => frappe.xcall("ops_delivery.api.optimization.add_leftover", { plan: frm.doc.name, ...given }),
			done: () => frm.trigger("refresh"),
		});
	}

	/** Charts need a width; a hidden tab has none. */
	function when_visible($box, draw) {
		const watch = new IntersectionObserver((entries) => {
			if (!entries.some((entry) => entry.isIntersecting)) return;
			watch.disconnect();
			draw();
		});
		if ($box.find(".ops-trial").length) watch.observe($box.find(".ops-trial")[0]);
	}

	const muted = (text) => `<p class="text-muted">${text}</p>`;
	const note = (colour, html) => `<div class="form-message ${colour}"><div>${html}</div></div>`;
	const button = (action, label, kind = "btn-default") =>
		`<button type="button" class="btn btn-sm ${kind}" data-do="${action}">${label}</button>`;
})();
