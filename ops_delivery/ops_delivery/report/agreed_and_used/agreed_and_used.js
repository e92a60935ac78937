{% include "ops_delivery/public/js/report_filters.js" %}
frappe.query_reports["Agreed and Used"] = {
	filters: [
		...ops_delivery.report_filters.period(0),
		ops_delivery.report_filters.customer(),
		ops_delivery.report_filters.agreement({ docstatus: 1 }),
		{
			fieldname: "only",
			label: __("Only"),
			fieldtype: "Select",
			options: ["", "Nearly used", "Beyond"].map((value) => ({ value, label: value ? __(value, null, "Amount Entry") : "" })),
		},
		ops_delivery.report_filters.company(),
	],
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data) return shown;
		if (["promised", "left"].includes(column.fieldname) && value == null) return "∞";
		if (["extra", "planned_extra"].includes(column.fieldname) && value > 0) return `<span class="text-danger">${shown}</span>`;
		if (column.fieldname === "share" && data.nearly) return `<span class="text-warning">${shown}</span>`;
		return column.fieldname === "share" && value == null ? "–" : shown;
	},
};
