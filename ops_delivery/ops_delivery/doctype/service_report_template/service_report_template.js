// A template of one customer is of that customer's agreements.
frappe.ui.form.on("Service Report Template", {
	setup(frm) {
		frm.set_query("agreement", (doc) => ({ filters: { docstatus: 1, ...(doc.customer && { customer: doc.customer }) } }));
	},
});
