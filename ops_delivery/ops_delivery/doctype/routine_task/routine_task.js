frappe.ui.form.on("Routine Task", {
	setup(frm) {
		frm.set_query("assigned_to", () => ({ filters: { user_type: "System User", enabled: 1 } }));
	},

	refresh(frm) {
		$(frm.wrapper).find(".ops-round-steps").remove();
		if (frm.is_new()) return;
		frm.page.set_indicator(__(frm.doc.status, null, "Routine Task"), ops_delivery.colour("Routine Task", frm.doc.status));
		const open = !["Done", "Cancelled"].includes(frm.doc.status) && frm.perm[0]?.write;
		ops_delivery.routine.show_sheet(frm, open);
		if (!open) return;
		const call = (method, args) =>
			frappe.xcall(`ops_delivery.api.routine.${method}`, { name: frm.doc.name, ...args }).then(() => frm.reload_doc());
		const begin = () => ops_delivery.routine.begin(frm);
		const finish = () => ops_delivery.routine.save(frm).then((all_kept) => all_kept && call("finish"));
		if (!frm.doc.started_on) frm.add_custom_button(__("Begin"), begin);
		ops_delivery.routine.show_points(frm);
		if (frm.doc.assistance?.length) frm.add_custom_button(__("Customer's answer"), () => ops_delivery.routine.record_answer(frm));
		frm.add_custom_button(__("Finish task"), finish).addClass("btn-primary");
		for_the_thumb(frm, frm.doc.started_on ? [[__("Finish task"), finish]] : [[__("Begin"), begin], [__("Finish task"), finish]]);
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

/** What is done next as large buttons on a phone, where Frappe puts a form's buttons behind "…": above the form and below the readings. */
function for_the_thumb(frm, steps) {
	for (const place of [(bar) => bar.prependTo(frm.layout.wrapper), (bar) => bar.insertAfter(frm.fields_dict.sheet.$wrapper)]) {
		const bar = $('<div class="ops-round-steps"></div>');
		steps.forEach(([label, action], index) =>
			$(`<button type="button" class="btn ${index ? "btn-default" : "btn-primary"}"></button>`).text(label).on("click", action).appendTo(bar)
		);
		place(bar);
	}
}
