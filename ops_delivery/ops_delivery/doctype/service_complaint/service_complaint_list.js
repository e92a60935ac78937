frappe.listview_settings["Service Complaint"] = {
	add_fields: ["status", "handler"],
	get_indicator(doc) {
		const colours = {
			Received: "red",
			Acknowledged: "orange",
			"Under Investigation": "blue",
			"Result Told": "purple",
			Appealed: "red",
			Closed: "green",
			Withdrawn: "gray",
		};
		return [__(doc.status, null, "Service Complaint"), colours[doc.status], `status,=,${doc.status}`];
	},
};
