frappe.query_reports["Recommendations Followed Up"] = {
	filters: [
		{ fieldname: "customer", label: __("Customer", null, "Ops Delivery"), fieldtype: "Link", options: "Customer" },
		{
			fieldname: "report",
			label: __("Consulting Report"),
			fieldtype: "Link",
			options: "Consulting Report",
			get_query: () => ops_delivery.of_customer(frappe.query_report.get_filter_value("customer")),
		},
		{
			fieldname: "decision",
			label: __("Decision"),
			fieldtype: "Select",
			options: [
				{ value: "", label: "" },
				...["Adopted", "Adopted in Part", "Deferred", "Declined"].map((value) => ({ value, label: __(value) })),
			],
		},
		{ fieldname: "owner_user", label: __("Owner", null, "Consulting Recommendation"), fieldtype: "Link", options: "User" },
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "only_open", label: __("Only open ones"), fieldtype: "Check", default: 1 },
	],
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (!data) return shown;
		if (column.fieldname === "overdue") return data.overdue ? `<span class="text-danger">${shown}</span>` : "–";
		if (column.fieldname === "due_date" && data.overdue) return `<span class="text-danger">${shown}</span>`;
		return shown;
	},
};
