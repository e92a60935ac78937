frappe.listview_settings["Knowledge Article"] = {
	get_indicator: (doc) => [
		__(doc.status, null, "Knowledge Article"),
		ops_delivery.colour("Knowledge Article", doc.status),
		`status,=,${doc.status}`,
	],
};
