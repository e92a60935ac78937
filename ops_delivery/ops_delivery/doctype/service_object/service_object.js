frappe.ui.form.on("Service Object", {
	setup(frm) {
		for (const [field, doctype] of [["asset", "Asset"], ["item_code", "Item"]])
			frm.set_query(field, () => ops_delivery.of_type_and_customer(doctype, frm.doc.customer));
	},
});
