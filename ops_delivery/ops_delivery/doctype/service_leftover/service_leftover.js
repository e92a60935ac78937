frappe.ui.form.on("Service Leftover", {
	setup(frm) {
		frm.set_query("service_object", () => ops_delivery.of_customer(frm.doc.customer, { enabled: 1 }));
		frm.set_query("owner_user", () => ({ filters: { user_type: "System User", enabled: 1 } }));
	},

	refresh(frm) {
		const { doc } = frm;
		if (frm.is_new()) return;
		frm.page.set_indicator(__(doc.state, null, frm.doctype), ops_delivery.colour("Service Leftover", doc.state));
		frm.set_intro("");
		if (frm.perm[0]?.write) add_steps(frm);
		if (["Solved", "Waived"].includes(doc.state)) return;
		if (doc.due_date && doc.due_date < frappe.datetime.get_today()) {
			frm.set_intro(__("This was due on {0}.", [frappe.datetime.str_to_user(doc.due_date)]), "red");
		} else if (!doc.owner_user || !doc.due_date) {
			frm.set_intro(__("Say who sees to it and by when, so that it is not forgotten."), "yellow");
		}
	},
});

/** The steps of a leftover: it ends with what came of it, and is taken up again for a reason. */
function add_steps(frm) {
	const go = (state, result) =>
		frappe
			.xcall("ops_delivery.api.leftovers.set_state", { name: frm.doc.name, state, result })
			.then(() => frm.reload_doc());
	const ask = (button, state, label, result) =>
		frm.add_custom_button(button, async () => {
			if (frm.is_dirty()) await frm.save();
			ops_delivery.ask({
				title: button,
				label: button,
				fields: [{ fieldname: "text", fieldtype: "Small Text", label, reqd: 1, default: result }],
				action: ({ text }) => go(state, text),
			});
		});
	if (["Solved", "Waived"].includes(frm.doc.state)) {
		ask(__("Reopen"), "Open", __("Reason"));
		return;
	}
	if (frm.doc.state === "Open") frm.add_custom_button(__("Begin"), () => go("In Progress"));
	ask(__("Solve"), "Solved", __("Result"), frm.doc.result);
	ask(__("Waive"), "Waived", __("Result"), frm.doc.result);
}
