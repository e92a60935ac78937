frappe.ui.form.on("Escalation Log", {
	refresh(frm) {
		frm.disable_save();
		frm.page.set_indicator(
			...(frm.doc.acknowledged ? [__("Acknowledged"), "green"] : [__("Waits for somebody"), "red"])
		);
		if (!frm.doc.acknowledged && frm.doc.__onload?.ops_may_acknowledge) {
			frm.add_custom_button(__("Acknowledge"), () =>
				ops_delivery.acknowledge([frm.doc.name], () => frm.reload_doc())
			)
				.addClass("btn-primary")
				.removeClass("btn-default");
		}
		if (frm.doc.problems) frm.set_intro(__("Not everything this step asked for could be done: see Problems."), "red");
	},
});
