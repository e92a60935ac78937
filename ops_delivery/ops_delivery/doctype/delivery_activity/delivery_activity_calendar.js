frappe.views.calendar["Delivery Activity"] = {
	field_map: {
		start: "planned_start",
		end: "planned_end",
		id: "name",
		title: "subject",
		allDay: "all_day",
		progress: "progress",
		color: "color",
	},
	gantt: true,
	order_by: "planned_start",
	options: { eventLimit: true },
	filters: [
		{ fieldtype: "Link", fieldname: "plan", options: "Delivery Plan", label: __("Delivery Plan") },
		{ fieldtype: "Link", fieldname: "customer", options: "Customer", label: __("Customer", null, "Ops Delivery") },
	],
};
