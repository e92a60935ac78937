// Findings as a short list: of a round on its task, of an object on its form. What is normal again or accepted says so.
frappe.provide("ops_delivery.findings");

ops_delivery.once("findings.js", () => {
	const { esc } = ops_delivery;

	ops_delivery.findings.state = (status) => __(status, null, "Routine Finding");
	ops_delivery.findings.colour = (status) => ops_delivery.colour("Routine Finding", status);
	ops_delivery.findings.pill = (verdict) =>
		verdict ? ops_delivery.pill(__(verdict, null, "Routine Reading"), ops_delivery.colour("Routine Reading", verdict), "") : "";
	ops_delivery.findings.value = (row, value) => {
		const shown = ["Yes", "No"].includes(value) ? __(value) : String(value ?? "");
		return esc(row.unit && !shown.includes(row.unit) ? `${shown} ${row.unit}` : shown);
	};

	const line = (row) => `<li class="ops-finding">
		<a href="${frappe.utils.get_form_link("Routine Finding", row.name)}">${esc(row.title)}</a>
		${ops_delivery.findings.pill(row.verdict)} <b>${ops_delivery.findings.value(row, row.last_value)}</b>
		<span class="indicator-pill ${ops_delivery.findings.colour(row.status)}">${esc(ops_delivery.findings.state(row.status))}</span>
		<span class="text-muted small">${esc(__("since {0}", [frappe.datetime.str_to_user(row.first_found.split(" ")[0])]))}</span>
		${row.issue ? frappe.utils.get_form_link("Issue", row.issue, true) : ""}
	</li>`;
	const list = (rows) => `<ul class="list-unstyled ops-findings">${rows.map(line).join("")}</ul>`;
	const may_read = () => frappe.model.can_read("Routine Finding");

	/** Below the readings of a round: what it found. */
	ops_delivery.findings.show_of_task = async (frm) => {
		const name = frm.doc.name;
		if (frm.is_new() || !may_read()) return;
		const rows = await ops_delivery.load("ops_delivery.api.findings.of_task", { name }, "GET");
		if (frm.doc.name !== name) return;
		frm.fields_dict.findings.$wrapper.html(rows.length ? `<h5>${__("Findings of this round")}</h5>${list(rows)}` : "");
	};

	frappe.ui.form.on("Routine Task", { refresh: (frm) => ops_delivery.findings.show_of_task(frm) });

	frappe.ui.form.on("Service Object", {
		async refresh(frm) {
			if (frm.is_new() || !may_read()) return;
			const name = frm.doc.name;
			const rows = await ops_delivery.load("ops_delivery.api.findings.of_object", { service_object: name }, "GET");
			if (frm.doc.name !== name) return;
			frm.ops_findings?.remove();
			frm.ops_findings = null;
			if (!rows.length) return;
			frm.ops_findings = frm.dashboard.add_section(list(rows), __("Faults and risks")).closest(".form-dashboard-section");
			frm.dashboard.show();
		},
	});
});
