{% include "ops_delivery/public/js/report_filters.js" %}
frappe.query_reports["Visits and Hours"] = {
	filters: [
		ops_delivery.report_filters.view_by(["Visit", "Engineer", "Customer", "Month"]),
		...ops_delivery.report_filters.period(5, frappe.datetime.month_end()),
		{
			fieldname: "kind",
			label: __("Kind"),
			fieldtype: "Select",
			options: ["", "On site", "Remote"].map((value) => ({ value, label: value ? __(value) : "" })),
		},
		ops_delivery.report_filters.customer(),
		ops_delivery.report_filters.agreement({ docstatus: 1 }),
		{
			fieldname: "engineer",
			label: __("Engineer"),
			fieldtype: "Link",
			options: "User",
			get_query: () => ({ filters: { user_type: "System User", enabled: 1 } }),
		},
		ops_delivery.report_filters.company(),
	],
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data) return shown;
		const bad =
			(["late", "late_visits", "breached"].includes(column.fieldname) && value > 0) ||
			(column.fieldname === "kept" && data.missed);
		if (bad) return `<span class="text-danger">${shown}</span>`;
		const empty = ["late", "punctual", "mean_late", "attainment", "first_done", "on_site", "work", "travel"];
		return value == null && empty.includes(column.fieldname) ? "–" : shown;
	},
};
