// From an agreement to its clauses with the records that prove them, for those who may open that page.
frappe.ui.form.on("Service Agreement", {
	refresh(frm) {
		const roles = ["Service Delivery Manager", "Delivery Auditor", "System Manager"];
		if (frm.is_new() || !roles.some((role) => frappe.user.has_role(role))) return;
		frm.page.add_menu_item(__("Clause Evidence"), () => frappe.set_route("clause-evidence", frm.doc.name));
	},
});
