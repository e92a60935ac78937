frappe.listview_settings["Deliverable"] = {
	add_fields: ["due_date", "published_on", "timeliness"],
	onload(listview) {
		if (!frappe.model.can_export("Deliverable")) return;
		const filters = () => JSON.stringify(listview.filter_area.get());
		listview.page.add_menu_item(__("Download as Excel"), () =>
			open_url_post("/api/method/ops_delivery.api.deliverables.as_workbook", { filters: filters() }, true)
		);
	},
	get_indicator(doc) {
		const open = ["Compiling", "In Review"].includes(doc.status);
		if (open && doc.due_date && !doc.published_on && doc.due_date < frappe.datetime.get_today())
			return [__("Overdue", null, "Deliverable"), "red", `due_date,<,Today|status,in,Compiling,In Review`];
		return [__(doc.status, null, "Deliverable"), ops_delivery.colour("Deliverable", doc.status), `status,=,${doc.status}`];
	},
};
