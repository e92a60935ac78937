// Beside what is ticked stands what comes of it: who may do what with a deliverable of this class, as the form has it now.
(() => {
	const escape = (text) => frappe.utils.escape_html(String(text ?? ""));

	const draw = (found) => {
		const head = found.acts.map((act) => `<th class="text-center">${escape(act)}</th>`).join("");
		const cell = (may) => `<td class="text-center">${may ? `<span title="${escape(__("Yes", null, "Service Security Class"))}">✓</span>` : `<span class="text-muted" title="${escape(__("No", null, "Service Security Class"))}">–</span>`}</td>`;
		const line = (row) =>
			`<tr><td>${escape(row.who)}${row.note ? `<div class="text-muted small">${escape(row.note)}</div>` : ""}</td>${row.may.map(cell).join("")}</tr>`;
		return `<div class="table-responsive"><table class="table table-bordered ops-class-preview">
			<caption>${escape(__("Who may do what with deliverables of this class"))}</caption>
			<thead><tr><th></th>${head}</tr></thead><tbody>${found.rows.map(line).join("")}</tbody></table></div>`;
	};

	const show = frappe.utils.debounce(async (frm) => {
		const asked = (frm.ops_preview = (frm.ops_preview || 0) + 1);
		const found = await ops_delivery.load("ops_delivery.api.deliverables.class_preview", { doc: frm.doc }, "POST");
		if (asked === frm.ops_preview && found) frm.get_field("preview").$wrapper.html(draw(found));
	}, 300);

	frappe.ui.form.on("Service Security Class", {
		setup: (frm) => frm.set_query("role", "grants", () => ({ filters: { disabled: 0, desk_access: 1 } })),
		refresh: show,
		restricted: show,
		portal: show,
		portal_files: show,
		grants_remove: show,
	});
	const tick = (frm, cdt, cdn) => {
		const row = locals[cdt][cdn];
		// whoever lists, prints, downloads or is mailed it may open it
		if (["can_list", "can_print", "can_download", "can_mail"].some((act) => row[act]) && !row.can_open) frappe.model.set_value(cdt, cdn, "can_open", 1);
		show(frm);
	};
	const changed = { can_list: tick, can_open: tick, can_print: tick, can_download: tick, can_mail: tick, role: show, who: show };
	frappe.ui.form.on("Security Class Grant", changed);
})();
