frappe.listview_settings["Deliverable"] = {
	add_fields: ["due_date", "published_on", "timeliness"],
	get_indicator(doc) {
		const colours = { Compiling: "orange", "In Review": "blue", Published: "green", Archived: "gray", Destroyed: "darkgrey", Cancelled: "red" };
		const open = ["Compiling", "In Review"].includes(doc.status);
		if (open && doc.due_date && !doc.published_on && doc.due_date < frappe.datetime.get_today())
			return [__("Overdue", null, "Deliverable"), "red", `due_date,<,Today|status,in,Compiling,In Review`];
		return [__(doc.status, null, "Deliverable"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
