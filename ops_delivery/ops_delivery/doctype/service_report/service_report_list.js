frappe.listview_settings["Service Report"] = {
	add_fields: ["status"],
	get_indicator: (doc) => [__(doc.status, null, "Service Report"), ops_delivery.colour("Service Report", doc.status), `status,=,${doc.status}`],
};
