frappe.ui.form.on("Service Notice", {
	refresh(frm) {
		if (frm.doc.state === "Failed" && frappe.user.has_role(["Delivery Manager", "System Manager"])) {
			frm.add_custom_button(__("Try again"), () =>
				frappe
					.xcall("ops_delivery.api.notices.retry", { name: frm.doc.name })
					.then(() => frm.reload_doc())
			);
		}
	},
});
