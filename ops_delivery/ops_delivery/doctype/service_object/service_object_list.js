frappe.listview_settings["Service Object"] = {
	onload(listview) {
		listview.page.add_inner_button(__("Object Overview"), () => frappe.set_route("object-overview"));
		if (frappe.model.can_print("Service Object"))
			listview.page.add_actions_menu_item(__("Print labels"), () => ops_delivery.routine.labels(listview.get_checked_items(true)), true);
	},
};
