frappe.listview_settings["Monitoring Alert"] = {
	add_fields: ["state"],
	get_indicator(doc) {
		const colour = { Firing: "orange", Resolved: "green", Refused: "red" }[doc.state] || "gray";
		return [__(doc.state, null, "Monitoring Alert"), colour, `state,=,${doc.state}`];
	},
};
