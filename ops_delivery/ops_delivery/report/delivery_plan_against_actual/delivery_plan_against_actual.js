{% include "ops_delivery/public/js/report_filters.js" %}
frappe.query_reports["Delivery Plan against Actual"] = {
	filters: [
		{
			fieldname: "plan",
			label: __("Delivery Plan"),
			fieldtype: "Link",
			options: "Delivery Plan",
			get_query: () => ops_delivery.of_customer(frappe.query_report.get_filter_value("customer")),
		},
		{
			fieldname: "service_content",
			label: __("Service Content"),
			fieldtype: "Select",
			options: [
				"",
				"Routine Operation",
				"Response Support",
				"Optimization and Improvement",
				"Consultation and Evaluation",
				"Management and Reporting",
			].map((value) => ({ value, label: value ? __(value) : "" })),
		},
		{
			fieldname: "only",
			label: __("Only"),
			fieldtype: "Select",
			options: ["", "Late", "Milestones", "Deviations"].map((value) => ({ value, label: value ? __(value) : "" })),
		},
		{ fieldname: "as_of", label: __("As of"), fieldtype: "Date", default: frappe.datetime.nowdate() },
		ops_delivery.report_filters.customer(),
		ops_delivery.report_filters.agreement(),
		{ fieldname: "all_plans", label: __("Drafts and completed plans too"), fieldtype: "Check" },
	],
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data) return shown;
		const tones = { not_begun: "orange", overdue: "red", done_late: "yellow", done_early: "green", on_time: "green", under_way: "blue" };
		if (column.fieldname === "standing" && tones[data.tone]) {
			return `<span class="indicator-pill no-indicator-dot ${tones[data.tone]}">${shown}</span>`;
		}
		if (column.fieldname === "subject" && data.is_milestone) return `◆ ${shown}`;
		if (["late", "milestones_late", "slip"].includes(column.fieldname) && value > 0) return `<span class="text-danger">${shown}</span>`;
		if (column.fieldname === "variance" && value < -0.5) return `<span class="text-danger">${shown}</span>`;
		return shown;
	},
};
