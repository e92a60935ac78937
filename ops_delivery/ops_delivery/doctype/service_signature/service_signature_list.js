frappe.listview_settings["Service Signature"] = {
	hide_name_column: true,
	add_fields: ["state"],
	get_indicator: (doc) => [
		__(doc.state, null, "Service Signature"),
		doc.state === "Valid" ? "green" : "red",
		`state,=,${doc.state}`,
	],
};
