{% include "ops_delivery/public/js/configuration/key_points.js" %}

frappe.ui.form.on("Service Notice", {
	refresh(frm) {
		const { doc } = frm;
		frm.set_df_property("key_point", "formatter", (value) => frappe.utils.escape_html(ops_delivery.key_point(value)));
		frm.page.set_title(`${ops_delivery.key_point(doc.key_point)} · ${doc.reference_name}`);
		frm.page.set_indicator(__(doc.state, null, "Service Notice"), ops_delivery.colour("Service Notice", doc.state));
		frm.set_intro("");
		// nothing is tried any more once it was sent
		frm.toggle_display("run_at", doc.state === "Pending");
		if (!["Failed", "Not Delivered"].includes(doc.state)) return;
		frm.set_intro(
			doc.state === "Failed"
				? __("This could not be sent; see the last error below. Put the cause right, then try again.")
				: __("This did not reach everybody; see below who was not told, and why. Put the address right, then try again: it goes to those only."),
			"red"
		);
		if (frappe.user.has_role(["Service Delivery Manager", "System Manager"])) {
			frm.add_custom_button(__("Try again"), () =>
				frappe.xcall("ops_delivery.api.notices.retry", { name: doc.name }).then(() => frm.reload_doc())
			);
		}
	},
});
