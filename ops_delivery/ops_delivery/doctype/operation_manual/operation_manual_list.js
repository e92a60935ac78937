frappe.listview_settings["Operation Manual"] = {
	get_indicator(doc) {
		const colours = { Draft: "orange", "Internal Review": "blue", Published: "green", Retired: "gray" };
		return [__(doc.status, null, "Operation Manual"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
