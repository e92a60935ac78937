frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Open Requests by Priority"] = {
	method: "ops_delivery.api.figures.open_by_priority",
	filters: [],
};
