frappe.views.calendar["Remote Support Session"] = {
	field_map: {
		start: "planned_start",
		end: "planned_end",
		id: "name",
		title: "label",
		color: "color",
	},
	order_by: "planned_start",
	options: { eventLimit: true },
	get_events_method: "ops_delivery.api.dispatch.get_events",
};
