{% include "ops_delivery/public/js/report_filters.js" %}
frappe.query_reports["Response Support Figures"] = {
	filters: [
		ops_delivery.report_filters.view_by(["Commitment", "Priority", "Category", "Object", "Customer", "Agreement", "Month", "Channel"]),
		...ops_delivery.report_filters.period(5),
		ops_delivery.report_filters.company(),
		ops_delivery.report_filters.customer(),
		ops_delivery.report_filters.agreement({ docstatus: 1 }),
		{
			fieldname: "commitment",
			label: __("Commitment"),
			fieldtype: "Link",
			options: "Service Commitment",
		},
		{ fieldname: "priority", label: __("Priority", null, "Ops Delivery"), fieldtype: "Link", options: "Issue Priority" },
	],
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data) return shown;
		if (column.fieldname === "breached" && data.breached) {
			return `<span class="text-danger">${shown}</span>`;
		}
		if (["attainment", "mean", "p90"].includes(column.fieldname) && data[column.fieldname] == null) {
			return "–";
		}
		return shown;
	},
};
