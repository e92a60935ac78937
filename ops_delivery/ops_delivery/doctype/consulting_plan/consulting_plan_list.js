frappe.listview_settings["Consulting Plan"] = {
	get_indicator(doc) {
		const colours = {
			Draft: "orange",
			"Internal Review": "blue",
			"Customer Review": "blue",
			Approved: "green",
			"In Progress": "blue",
			Completed: "green",
			Cancelled: "gray",
		};
		return [__(doc.status, null, "Consulting Plan"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
