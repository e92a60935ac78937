frappe.listview_settings["Routine Task"] = {
	add_fields: ["result"],
	get_indicator(doc) {
		const colours = { Planned: "orange", "In Progress": "blue", Done: "green", Missed: "red", Cancelled: "gray" };
		return [__(doc.status, null, "Routine Task"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
