{% include "ops_delivery/public/js/calendar_times.js" %}
frappe.views.calendar["Remote Support Session"] = {
	...ops_delivery.as_shown(),
	field_map: {
		start: "planned_start",
		end: "planned_end",
		id: "name",
		title: "label",
		color: "color",
	},
	order_by: "planned_start",
	options: {
		eventLimit: 4,
		timeFormat: "HH:mm",
		slotLabelFormat: "HH:mm",
		locale: frappe.boot.lang === "zh" ? "zh-cn" : frappe.boot.lang, // the calendar's name for it
	},
	get_events_method: "ops_delivery.api.dispatch.get_events",
};
