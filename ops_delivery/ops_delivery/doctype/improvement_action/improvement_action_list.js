frappe.listview_settings["Improvement Action"] = {
	add_fields: ["state", "due_date"],
	get_indicator(doc) {
		const said = __(doc.state, null, "Improvement Action");
		const ended = ["Closed", "Withdrawn"].includes(doc.state);
		if (!ended && doc.due_date && doc.due_date < frappe.datetime.get_today())
			return [__("{0}, overdue", [said]), "red", `state,=,${doc.state}`];
		const colours = { Open: "orange", Investigating: "blue", Measures: "blue", "Effect Check": "purple", Closed: "green", Withdrawn: "gray" };
		return [said, colours[doc.state], `state,=,${doc.state}`];
	},
};
