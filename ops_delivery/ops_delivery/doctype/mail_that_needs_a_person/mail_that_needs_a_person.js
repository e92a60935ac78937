frappe.ui.form.on("Mail That Needs a Person", {
	refresh(frm) {
		const { doc } = frm;
		frm.disable_save();
		frm.page.set_indicator(__(doc.state, null, frm.doctype), doc.state === "Open" ? "orange" : "green");
		if (doc.state !== "Open" || !frm.perm[0]?.write) return;
		const call = (method, args = {}) =>
			frappe.xcall(`ops_delivery.api.mails.${method}`, { name: doc.name, ...args });
		frm.add_custom_button(__("Make a Request"), () =>
			call("make_request").then((name) => frappe.set_route("Form", "Issue", name))
		).addClass("btn-primary");
		if (doc.reference_name) {
			frm.add_custom_button(__("Add to {0}", [doc.reference_name]), () =>
				call("add_to_record").then((name) => frappe.set_route("Form", doc.reference_doctype, name))
			);
		}
		frm.add_custom_button(__("Nothing to Do", null, "Mail That Needs a Person"), () =>
			ops_delivery.ask({
				title: __("Nothing to Do", null, "Mail That Needs a Person"),
				label: __("Save"),
				fields: [{ fieldname: "note", fieldtype: "Small Text", label: __("Note", null, "Mail That Needs a Person"), reqd: 1 }],
				action: ({ note }) => call("leave", { note }).then(() => frm.reload_doc()),
			})
		);
	},
});
