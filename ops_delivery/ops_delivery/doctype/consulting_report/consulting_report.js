frappe.ui.form.on("Consulting Report", {
	setup(frm) {
		frm.set_query("plan", () => ({ filters: { status: ["in", ["Approved", "In Progress", "Completed"]] } }));
		frm.set_query("owner_user", () => ({ filters: { user_type: "System User", enabled: 1 } }));
		for (const table of ["findings", "advice"]) {
			frm.set_query("service_object", table, (doc) => ops_delivery.of_customer(doc.customer, { enabled: 1 }));
		}
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.page.set_indicator(__(frm.doc.status, null, "Consulting Report"), ops_delivery.colour("Consulting Report", frm.doc.status));
		ops_delivery.consulting.say_state(frm, "status");
		ops_delivery.consulting.freeze(frm, ["Issued", "Followed Up", "Withdrawn"].includes(frm.doc.status));
		ops_delivery.consulting.show_missing(frm);
		ops_delivery.consulting.show_recommendations(frm);
	},
});
