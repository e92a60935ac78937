frappe.listview_settings["Optimization Plan"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colour = {
			Draft: "orange",
			"Proposal Review": "purple",
			"Proposal Approved": "blue",
			"Implementation Review": "purple",
			Approved: "blue",
			"In Progress": "blue",
			"Trial Run": "yellow",
			Closed: "green",
			"Rolled Back": "red",
		}[doc.status];
		return [__(doc.status, null, "Optimization Plan"), colour || "gray", `status,=,${doc.status}`];
	},
};
