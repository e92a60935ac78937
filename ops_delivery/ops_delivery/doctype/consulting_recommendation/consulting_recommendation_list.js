frappe.listview_settings["Consulting Recommendation"] = {
	add_fields: ["state", "due_date", "decision"],
	get_indicator(doc) {
		const { STATE_COLOURS } = ops_delivery.consulting || { STATE_COLOURS: {} };
		const open = ["Proposed", "Decided", "In Progress"].includes(doc.state);
		const state = __(doc.state, null, "Consulting Recommendation");
		const late = open && doc.due_date && doc.due_date < frappe.datetime.nowdate();
		if (late) return [__("{0}, overdue", [state]), "red", `state,=,${doc.state}`];
		return [state, STATE_COLOURS[doc.state], `state,=,${doc.state}`];
	},
};
