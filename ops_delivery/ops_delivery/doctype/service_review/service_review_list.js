frappe.listview_settings["Service Review"] = {
	hide_name_column: true,
	add_fields: ["state", "due_on"],
	get_indicator(doc) {
		const late = doc.state === "Open" && doc.due_on && doc.due_on < frappe.datetime.system_datetime();
		return late
			? [__("Overdue", null, "Ops Delivery"), "red", `state,=,Open|due_on,<,${frappe.datetime.system_datetime()}`]
			: [__(doc.state, null, "Service Review"), ops_delivery.colour("Service Review", doc.state), `state,=,${doc.state}`];
	},
};
