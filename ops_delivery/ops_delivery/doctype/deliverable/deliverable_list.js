frappe.listview_settings["Deliverable"] = {
	add_fields: ["due_date", "published_on", "timeliness"],
	get_indicator(doc) {
		const open = ["Compiling", "In Review"].includes(doc.status);
		if (open && doc.due_date && !doc.published_on && doc.due_date < frappe.datetime.get_today())
			return [__("Overdue", null, "Deliverable"), "red", `due_date,<,Today|status,in,Compiling,In Review`];
		return [__(doc.status, null, "Deliverable"), ops_delivery.colour("Deliverable", doc.status), `status,=,${doc.status}`];
	},
};
