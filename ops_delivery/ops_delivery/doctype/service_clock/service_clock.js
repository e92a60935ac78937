frappe.ui.form.on("Service Clock", {
	refresh(frm) {
		frm.disable_save();
		const panel = new ops_delivery.ClockPanel({
			wrapper: frm.fields_dict.explanation.$wrapper,
			open: true,
			can_acknowledge: true,
			load: () => frappe.xcall("ops_delivery.api.clocks.explain", { clock: frm.doc.name }),
		});
		panel.refresh();
		frm.page.set_indicator(
			...(frm.doc.breached
				? [__("Missed", null, "Service Clock"), "red"]
				: [
						__(frm.doc.state, null, "Service Clock"),
						{ Running: "blue", Paused: "gray", Met: "green" }[frm.doc.state] || "gray",
				  ])
		);
		frm.add_custom_button(__("Print explanation"), () =>
			ops_delivery.print("clock_explanation", { clock: frm.doc.name })
		);
		if (frappe.user.has_role(["Service Delivery Manager", "System Manager"])) {
			frm.add_custom_button(__("Repair clocks"), () =>
				ops_delivery.repair(frm.doc.reference_doctype, frm.doc.reference_name, () => frm.reload_doc())
			);
		}
	},
});
