frappe.ui.form.on("Service Clock Trigger", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.state !== "Failed" || !frappe.user.has_role(["Service Delivery Manager", "System Manager"])) return;
		frm.add_custom_button(__("Try again"), () =>
			frappe
				.xcall("ops_delivery.api.clocks.retry", { names: [frm.doc.name] })
				.then(() => frm.reload_doc())
		);
	},
});
