frappe.ui.form.on("Service Leftover", {
	setup(frm) {
		frm.set_query("service_object", () =>
			frm.doc.customer ? { filters: { customer: frm.doc.customer, enabled: 1 } } : {}
		);
		frm.set_query("owner_user", () => ({ filters: { user_type: "System User", enabled: 1 } }));
	},

	refresh(frm) {
		const { doc } = frm;
		if (frm.is_new()) return;
		const colours = { Open: "orange", "In Progress": "blue", Solved: "green", Waived: "gray" };
		frm.page.set_indicator(__(doc.state, null, frm.doctype), colours[doc.state]);
		frm.set_intro("");
		if (["Solved", "Waived"].includes(doc.state)) return;
		if (doc.due_date && doc.due_date < frappe.datetime.get_today()) {
			frm.set_intro(__("This was due on {0}.", [frappe.datetime.str_to_user(doc.due_date)]), "red");
		} else if (!doc.owner_user || !doc.due_date) {
			frm.set_intro(__("Say who sees to it and by when, so that it is not forgotten."), "yellow");
		}
	},
});
