{% include "ops_delivery/public/js/calendar_times.js" %}
frappe.views.calendar["Delivery Activity"] = {
	...ops_delivery.as_shown(true),
	field_map: {
		start: "planned_start",
		end: "planned_end",
		id: "name",
		title: "subject",
		allDay: "all_day",
		progress: "progress",
		color: "color",
		convertToUserTz: "in_the_persons_zone", // no such field: a day is the same in every zone
	},
	gantt: true,
	order_by: "planned_start",
	options: {
		eventLimit: true,
		locale: frappe.boot.lang === "zh" ? "zh-cn" : frappe.boot.lang, // the calendar's name for it
	},
	filters: [
		{ fieldtype: "Link", fieldname: "plan", options: "Delivery Plan", label: __("Delivery Plan") },
		{ fieldtype: "Link", fieldname: "customer", options: "Customer", label: __("Customer", null, "Ops Delivery") },
	],
};
