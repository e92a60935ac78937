frappe.listview_settings["Optimization Plan"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		return [__(doc.status, null, "Optimization Plan"), ops_delivery.colour("Optimization Plan", doc.status), `status,=,${doc.status}`];
	},
};
