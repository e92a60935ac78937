frappe.listview_settings["Service Agreement"] = {
	add_fields: ["status", "version", "end_date"],
	has_indicator_for_draft: true,
	get_indicator(doc) {
		return [__(doc.status, null, "Service Agreement"), ops_delivery.agreement.colour_of(doc.status), `status,=,${doc.status}`];
	},
};
