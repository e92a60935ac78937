frappe.listview_settings["Delivery Plan"] = {
	add_fields: ["status", "end_date"],
	get_indicator(doc) {
		const late = ["Approved", "In Progress"].includes(doc.status) && doc.end_date < frappe.datetime.nowdate();
		if (late) return [__("{0}, overdue", [__(doc.status, null, "Delivery Plan")]), "red", `status,=,${doc.status}`];
		return [__(doc.status, null, "Delivery Plan"), ops_delivery.colour("Delivery Plan", doc.status), `status,=,${doc.status}`];
	},
};
