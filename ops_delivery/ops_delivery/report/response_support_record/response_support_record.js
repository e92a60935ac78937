{% include "ops_delivery/public/js/report_filters.js" %}
frappe.query_reports["Response Support Record"] = {
	filters: [
		...ops_delivery.report_filters.period(5),
		ops_delivery.report_filters.company(),
		ops_delivery.report_filters.customer(),
		ops_delivery.report_filters.agreement({ docstatus: 1 }),
		{ fieldname: "priority", label: __("Priority", null, "Ops Delivery"), fieldtype: "Link", options: "Issue Priority" },
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "Select",
			options: ["", "Open", "Replied", "On Hold", "Resolved", "Closed"].map((value) => ({
				value,
				label: value && __(value),
			})),
		},
		{
			fieldname: "validity",
			label: __("Judged"),
			fieldtype: "Select",
			options: ["", "Valid", "Invalid"].map((value) => ({ value, label: value && __(value) })),
		},
	],
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (data && column.fieldname === "missed" && data.missed) {
			return `<span class="text-danger">${shown}</span>`;
		}
		return shown;
	},
};
