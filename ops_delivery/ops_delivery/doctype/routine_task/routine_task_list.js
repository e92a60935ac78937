frappe.listview_settings["Routine Task"] = {
	add_fields: ["result"],
	get_indicator(doc) {
		return [__(doc.status, null, "Routine Task"), ops_delivery.colour("Routine Task", doc.status), `status,=,${doc.status}`];
	},
};
