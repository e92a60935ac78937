frappe.listview_settings["Delivery Plan"] = {
	add_fields: ["status", "end_date"],
	get_indicator(doc) {
		const colours = {
			Draft: "gray",
			"Internal Review": "orange",
			"Customer Review": "orange",
			Approved: "blue",
			"In Progress": "blue",
			Completed: "green",
			Cancelled: "gray",
		};
		const late = ["Approved", "In Progress"].includes(doc.status) && doc.end_date < frappe.datetime.nowdate();
		if (late) return [__("{0}, overdue", [__(doc.status, null, "Delivery Plan")]), "red", `status,=,${doc.status}`];
		return [__(doc.status, null, "Delivery Plan"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
