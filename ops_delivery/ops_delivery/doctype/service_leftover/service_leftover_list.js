frappe.listview_settings["Service Leftover"] = {
	add_fields: ["state", "due_date"],
	get_indicator(doc) {
		const closed = ["Solved", "Waived"].includes(doc.state);
		if (!closed && doc.due_date && doc.due_date < frappe.datetime.get_today()) {
			return [__("{0}, overdue", [__(doc.state, null, "Service Leftover")]), "red", `state,=,${doc.state}`];
		}
		return [__(doc.state, null, "Service Leftover"), ops_delivery.colour("Service Leftover", doc.state), `state,=,${doc.state}`];
	},
};
