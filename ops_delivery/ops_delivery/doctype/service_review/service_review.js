// The decisions themselves are given on the reviewed document, where its text is.
frappe.ui.form.on("Service Review", {
	refresh(frm) {
		const doc = frm.doc;
		if (doc.reference_name) {
			frm.add_custom_button(__("Open {0}", [__(doc.reference_doctype)]), () =>
				frappe.set_route("Form", doc.reference_doctype, doc.reference_name)
			);
		}
		if (doc.state === "Open") {
			frm.set_intro(
				doc.party === "Customer"
					? __("The customer decides on the portal; staff record a decision made elsewhere on the document itself.")
					: __("Read the document and give your decision there: it is about the text as it is saved."),
				"blue"
			);
		} else if (doc.state === "Outdated") {
			frm.set_intro(__("The text was changed after this was decided, so the decision does not count any more."), "orange");
		}
		if (doc.state === "Open" && frm.perm[0]?.write) {
			frm.add_custom_button(__("Change Due Date"), () =>
				ops_delivery.ask({
					title: __("Change Due Date"),
					label: __("Save"),
					fields: [
						{
							fieldname: "day",
							fieldtype: "Date",
							label: __("Due at the end of"),
							reqd: 1,
							default: frappe.datetime.str_to_obj(doc.due_on || frappe.datetime.now_datetime()),
						},
					],
					action: ({ day }) =>
						frappe.xcall("ops_delivery.api.reviews.put_off", { review: doc.name, due_on: `${day} 23:59:00` }),
					done: () => frm.reload_doc(),
				})
			);
		}
		if (doc.state !== "Open") {
			frm.set_read_only();
			frm.disable_save();
		}
		frm.set_query("user", "participants", () => ({ filters: { enabled: 1, user_type: "System User" } }));
	},
});
