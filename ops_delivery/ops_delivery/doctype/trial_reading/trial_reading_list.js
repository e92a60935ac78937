frappe.listview_settings["Trial Reading"] = {
	add_fields: ["verdict"],
	get_indicator(doc) {
		const colour = { "Within Target": "green", "Outside Target": "red" }[doc.verdict] || "gray";
		return [__(doc.verdict, null, "Trial Reading"), colour, `verdict,=,${doc.verdict}`];
	},
};
