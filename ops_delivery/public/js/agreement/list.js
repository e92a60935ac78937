(() => {
	const settings = (frappe.listview_settings["Service Agreement"] ||= {});
	const onload = settings.onload;
	settings.onload = (listview) => {
		onload?.(listview);
		if (frappe.model.can_create("Service Agreement")) {
			listview.page.add_inner_button(__("New from template"), () => ops_delivery.agreement.from_template());
		}
	};
})();
