frappe.ui.form.on("Routine Task", {
	setup(frm) {
		frm.set_query("assigned_to", () => ({ filters: { user_type: "System User", enabled: 1 } }));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.page.set_indicator(__(frm.doc.status, null, "Routine Task"), ops_delivery.colour("Routine Task", frm.doc.status));
		const open = !["Done", "Cancelled"].includes(frm.doc.status) && frm.perm[0]?.write;
		ops_delivery.routine.show_sheet(frm, open);
		if (!open) return;
		const call = (method, args) =>
			frappe.xcall(`ops_delivery.api.routine.${method}`, { name: frm.doc.name, ...args }).then(() => frm.reload_doc());
		if (!frm.doc.started_on) frm.add_custom_button(__("Begin"), () => ops_delivery.routine.begin(frm));
		ops_delivery.routine.show_points(frm);
		if (frm.doc.assistance?.length) frm.add_custom_button(__("Customer's answer"), () => ops_delivery.routine.record_answer(frm));
		frm.add_custom_button(__("Finish task"), () =>
			ops_delivery.routine.save(frm).then((all_kept) => all_kept && call("finish"))
		).addClass("btn-primary");
		frm.add_custom_button(__("Cancel task"), () =>
			ops_delivery.ask({
				title: __("Why is it not done?"),
				fields: [{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }],
				label: __("Cancel task"),
				action: (given) => call("cancel", given),
			})
		);
	},
});
