frappe.ui.form.on("Service Agreement Template", {
	setup(frm) {
		const enabled = () => ({ filters: { enabled: 1 } });
		["calendar", "priority_matrix", "escalation_policy"].forEach((field) => frm.set_query(field, enabled));
		frm.set_query("calendar", "targets", enabled);
		frm.set_query("deliverable_type", "promised", enabled);
	},

	refresh(frm) {
		frm.set_intro("");
		ops_delivery.major.offer(frm);
		if (frm.is_new()) return;
		frm.set_intro(
			__("What stands here is copied into new agreements. {0} is a blank that each agreement fills in for itself.", ["[…]"]),
			"blue"
		);
		if (frm.doc.enabled && frappe.model.can_create("Service Agreement")) {
			frm.add_custom_button(__("New agreement"), () => ops_delivery.agreement.from_template({ template: frm.doc.name }));
		}
		frm.add_custom_button(__("Try the formulas"), () => ops_delivery.agreement.try_formulas(frm));
	},
});
