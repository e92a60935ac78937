frappe.listview_settings["Operation Manual"] = {
	get_indicator(doc) {
		return [__(doc.status, null, "Operation Manual"), ops_delivery.colour("Operation Manual", doc.status), `status,=,${doc.status}`];
	},
};
