frappe.listview_settings["Mail That Needs a Person"] = {
	formatters: {
		state: (value) => ops_delivery.choice("Mail That Needs a Person", value),
		reason: (value) => ops_delivery.choice("Mail That Needs a Person", value),
	},
	add_fields: ["state", "reason"],
	get_indicator(doc) {
		const colour = doc.state === "Open" ? "orange" : "green";
		return [__(doc.state, null, "Mail That Needs a Person"), colour, `state,=,${doc.state}`];
	},
};
