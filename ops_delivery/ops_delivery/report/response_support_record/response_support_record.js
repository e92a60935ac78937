frappe.query_reports["Response Support Record"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From Date", null, "Ops Delivery"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -5),
		},
		{
			fieldname: "to_date",
			label: __("To Date", null, "Ops Delivery"),
			fieldtype: "Date",
			default: frappe.datetime.nowdate(),
		},
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "customer", label: __("Customer", null, "Ops Delivery"), fieldtype: "Link", options: "Customer" },
		{
			fieldname: "agreement",
			label: __("Service Agreement"),
			fieldtype: "Link",
			options: "Service Agreement",
			get_query: () => ops_delivery.of_customer(frappe.query_report.get_filter_value("customer"), { docstatus: 1 }),
		},
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
