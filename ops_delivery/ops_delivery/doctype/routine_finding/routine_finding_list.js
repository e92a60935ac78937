frappe.listview_settings["Routine Finding"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colours = { Open: "red", "In Hand": "blue", "Risk Accepted": "purple", "Back to Normal": "green", Closed: "gray" };
		return [__(doc.status, null, "Routine Finding"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
