frappe.listview_settings["Service Handover"] = {
	add_fields: ["state", "due_date"],
	get_indicator(doc) {
		const late =
			doc.due_date && !["Done", "Declined"].includes(doc.state) && doc.due_date < frappe.datetime.nowdate();
		if (late) return [__("{0}, overdue", [__(doc.state, null, "Service Handover")]), "red", `state,=,${doc.state}`];
		const colours = { Proposed: "orange", Accepted: "blue", Started: "blue", Done: "green", Declined: "gray" };
		return [__(doc.state, null, "Service Handover"), colours[doc.state], `state,=,${doc.state}`];
	},
};
