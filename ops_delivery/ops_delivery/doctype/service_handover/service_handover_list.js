frappe.listview_settings["Service Handover"] = {
	add_fields: ["state", "due_date"],
	get_indicator(doc) {
		const late =
			doc.due_date && !["Done", "Declined"].includes(doc.state) && doc.due_date < frappe.datetime.nowdate();
		if (late) return [__("{0}, overdue", [__(doc.state, null, "Service Handover")]), "red", `state,=,${doc.state}`];
		return [__(doc.state, null, "Service Handover"), ops_delivery.colour("Service Handover", doc.state), `state,=,${doc.state}`];
	},
};
