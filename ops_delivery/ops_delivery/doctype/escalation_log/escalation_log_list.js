frappe.listview_settings["Escalation Log"] = {
	add_fields: ["kind", "acknowledged"],
	get_indicator(doc) {
		return doc.acknowledged
			? [__("Acknowledged"), "green", "acknowledged,=,1"]
			: [__("Waiting", null, "Escalation Log"), "red", "acknowledged,=,0"];
	},
	formatters: { step: (value) => frappe.utils.escape_html(__(value, null, "Escalation Step")) },
	onload(list) {
		// who only looks is offered nothing; who was told finds it on the entry itself
		if (!frappe.model.can_write("Issue")) return;
		list.page.add_actions_menu_item(__("Acknowledge"), () => {
			const names = list.get_checked_items().filter((log) => !log.acknowledged).map((log) => log.name);
			if (!names.length) {
				frappe.show_alert(__("All chosen escalations are acknowledged already."));
				return;
			}
			ops_delivery.need("desk").then(() =>
				ops_delivery.acknowledge(names, () => {
					list.clear_checked_items();
					list.refresh();
				})
			);
		});
	},
};
