frappe.query_reports["Visits and Hours"] = {
	filters: [
		{
			fieldname: "view_by",
			label: __("View by"),
			fieldtype: "Select",
			options: ["Visit", "Engineer", "Customer", "Month"].map((value) => ({ value, label: __(value, null, "Ops Delivery") })),
			default: "Visit",
			reqd: 1,
		},
		{
			fieldname: "from_date",
			label: __("From Date", null, "Ops Delivery"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.month_start(), -5),
		},
		{ fieldname: "to_date", label: __("To Date", null, "Ops Delivery"), fieldtype: "Date", default: frappe.datetime.month_end() },
		{
			fieldname: "kind",
			label: __("Kind"),
			fieldtype: "Select",
			options: ["", "On site", "Remote"].map((value) => ({ value, label: value ? __(value) : "" })),
		},
		{ fieldname: "customer", label: __("Customer", null, "Ops Delivery"), fieldtype: "Link", options: "Customer" },
		{
			fieldname: "agreement",
			label: __("Service Agreement"),
			fieldtype: "Link",
			options: "Service Agreement",
			get_query: () => ops_delivery.of_customer(frappe.query_report.get_filter_value("customer"), { docstatus: 1 }),
		},
		{
			fieldname: "engineer",
			label: __("Engineer"),
			fieldtype: "Link",
			options: "User",
			get_query: () => ({ filters: { user_type: "System User", enabled: 1 } }),
		},
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
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
