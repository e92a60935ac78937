frappe.listview_settings["Monitoring Source"] = {
	add_fields: ["enabled", "last_heard_on", "token_hint"],
	get_indicator(doc) {
		if (!doc.enabled) return [__("Switched off", null, "Monitoring Source"), "gray", "enabled,=,0"];
		return doc.last_heard_on
			? [__("Heard from", null, "Monitoring Source"), "green", "last_heard_on,is,set"]
			: [__("Not heard from yet", null, "Monitoring Source"), "blue", "last_heard_on,is,not set"];
	},
};
