frappe.listview_settings["Consulting Report"] = {
	get_indicator(doc) {
		return [__(doc.status, null, "Consulting Report"), ops_delivery.colour("Consulting Report", doc.status), `status,=,${doc.status}`];
	},
};
