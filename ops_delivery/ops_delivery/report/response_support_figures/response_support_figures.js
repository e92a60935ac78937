frappe.query_reports["Response Support Figures"] = {
	filters: [
		{
			fieldname: "view_by",
			label: __("View by"),
			fieldtype: "Select",
			options: [
				"Commitment",
				"Priority",
				"Category",
				"Object",
				"Customer",
				"Agreement",
				"Month",
				"Channel",
			].map((value) => ({ value, label: __(value, null, "Ops Delivery") })),
			default: "Commitment",
			reqd: 1,
		},
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
