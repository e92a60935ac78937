frappe.listview_settings["Mail That Needs a Person"] = {
	add_fields: ["state", "reason"],
	get_indicator(doc) {
		const colour = doc.state === "Open" ? "orange" : "green";
		return [__(doc.state, null, "Mail That Needs a Person"), colour, `state,=,${doc.state}`];
	},
};
