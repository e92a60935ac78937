frappe.ui.form.on("Service Object", {
	setup(frm) {
		for (const [field, doctype] of [["asset", "Asset"], ["item_code", "Item"]])
			frm.set_query(field, () => ops_delivery.of_type_and_customer(doctype, frm.doc.customer));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("State and readings"), () => frappe.set_route("object-overview", frm.doc.name));
		if (frappe.model.can_print("Service Object"))
			frm.add_custom_button(__("Label", null, "Service Object"), () => ops_delivery.routine.labels([frm.doc.name]));
	},
});
