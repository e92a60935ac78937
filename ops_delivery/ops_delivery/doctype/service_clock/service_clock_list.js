frappe.listview_settings["Service Clock"] = {
	add_fields: ["state", "breached", "due_on"],
	get_indicator(doc) {
		if (doc.breached) return [__("Missed", null, "Service Clock"), "red", "breached,=,1"];
		const colour = { Running: "blue", Paused: "gray", Met: "green", Cancelled: "gray" }[doc.state];
		return [__(doc.state, null, "Service Clock"), colour, `state,=,${doc.state}`];
	},
};
