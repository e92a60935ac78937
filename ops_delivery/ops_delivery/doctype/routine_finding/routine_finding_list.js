frappe.listview_settings["Routine Finding"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		return [__(doc.status, null, "Routine Finding"), ops_delivery.colour("Routine Finding", doc.status), `status,=,${doc.status}`];
	},
};
