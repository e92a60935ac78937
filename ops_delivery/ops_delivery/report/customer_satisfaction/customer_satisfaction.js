{% include "ops_delivery/public/js/report_filters.js" %}
frappe.query_reports["Customer Satisfaction"] = {
	filters: [
		ops_delivery.report_filters.view_by(["Customer", "Agreement", "Object", "Engineer", "Survey Question", "Service Content", "Survey", "Month"]),
		...ops_delivery.report_filters.period(11),
		ops_delivery.report_filters.customer(),
		ops_delivery.report_filters.agreement(),
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
			].map((value) => ({ value, label: __(value, null, "Ops Delivery") })),
		},
		{ fieldname: "template", label: __("Survey"), fieldtype: "Link", options: "Survey Template" },
		{
			fieldname: "service_object",
			label: __("Service Object"),
			fieldtype: "Link",
			options: "Service Object",
			get_query: () => ops_delivery.of_customer(frappe.query_report.get_filter_value("customer")),
		},
		{ fieldname: "engineer", label: __("Engineer"), fieldtype: "Link", options: "User" },
	],
	onload(report) {
		report.page.add_inner_button(__("Satisfaction report (PDF)"), () => {
			open_url_post("/api/method/ops_delivery.api.printing.satisfaction_report", {
				filters: JSON.stringify(report.get_filter_values()),
			});
		});
	},
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data) return shown;
		if (column.fieldname === "low_answers" && data.low_answers) return `<span class="text-danger">${shown}</span>`;
		if (column.fieldname === "meaning" && data.code && data.code !== "Sound") {
			return `<span class="text-warning">${shown}</span>`;
		}
		const blank = ["score", "low_end", "high_end", "conduct", "response_rate"];
		if (blank.includes(column.fieldname) && data[column.fieldname] == null) return "–";
		return shown;
	},
};
