/** Filters that our reports share; included by them. */
ops_delivery.report_filters = {
	view_by: (choices) => ({
		fieldname: "view_by",
		label: __("View by"),
		fieldtype: "Select",
		options: choices.map((value) => ({ value, label: __(value, null, "Ops Delivery") })),
		default: choices[0],
		reqd: 1,
	}),
	/** From the first of the month so many months ago to today, or to another day. */
	period: (months, to = frappe.datetime.nowdate()) => [
		{
			fieldname: "from_date",
			label: __("From Date", null, "Ops Delivery"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -months),
		},
		{ fieldname: "to_date", label: __("To Date", null, "Ops Delivery"), fieldtype: "Date", default: to },
	],
	company: () => ({ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" }),
	customer: () => ({ fieldname: "customer", label: __("Customer", null, "Ops Delivery"), fieldtype: "Link", options: "Customer" }),
	/** One of the chosen customer's agreements. */
	agreement: (filters = {}) => ({
		fieldname: "agreement",
		label: __("Service Agreement"),
		fieldtype: "Link",
		options: "Service Agreement",
		get_query: () => ops_delivery.of_customer(frappe.query_report.get_filter_value("customer"), filters),
	}),
};
