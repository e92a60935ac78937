frappe.listview_settings["Improvement Action"] = {
	add_fields: ["state", "due_date"],
	get_indicator(doc) {
		const said = __(doc.state, null, "Improvement Action");
		const ended = ["Closed", "Withdrawn"].includes(doc.state);
		if (!ended && doc.due_date && doc.due_date < frappe.datetime.get_today())
			return [__("{0}, overdue", [said]), "red", `state,=,${doc.state}`];
		return [said, ops_delivery.colour("Improvement Action", doc.state), `state,=,${doc.state}`];
	},
};
