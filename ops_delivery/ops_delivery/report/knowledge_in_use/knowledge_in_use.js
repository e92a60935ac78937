frappe.query_reports["Knowledge in Use"] = {
	filters: [
		{ fieldname: "from_date", label: __("From Date", null, "Ops Delivery"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date", null, "Ops Delivery"), fieldtype: "Date" },
		{
			fieldname: "status",
			label: __("Status", null, "Knowledge Article"),
			fieldtype: "Select",
			options: [
				{ value: "", label: "" },
				...["Draft", "Internal Review", "Published", "Retired"].map((value) => ({ value, label: __(value, null, "Knowledge Article") })),
			],
		},
	],
};
