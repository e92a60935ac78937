frappe.listview_settings["Consulting Plan"] = {
	get_indicator(doc) {
		return [__(doc.status, null, "Consulting Plan"), ops_delivery.colour("Consulting Plan", doc.status), `status,=,${doc.status}`];
	},
};
