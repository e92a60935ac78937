frappe.listview_settings["Major Incident Report"] = {
	get_indicator(doc) {
		return [
			__(doc.status, null, "Major Incident Report"),
			ops_delivery.colour("Major Incident Report", doc.status),
			`status,=,${doc.status}`,
		];
	},
};
