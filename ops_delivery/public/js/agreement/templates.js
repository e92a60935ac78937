// A new agreement from a template: on the list and on the form of a new one.
frappe.provide("ops_delivery.agreement");

ops_delivery.agreement.from_template = async (defaults = {}) => {
	const rows = await frappe.xcall("ops_delivery.api.agreements.templates");
	if (!rows.length) {
		frappe.msgprint({
			title: __("No templates"),
			message: __("There is no template that is switched on. Open an agreement and keep it as a template."),
		});
		return;
	}
	const { esc } = ops_delivery;
	const dialog = ops_delivery.ask({
		title: __("New agreement from a template"),
		fields: [
			{
				fieldname: "template",
				fieldtype: "Select",
				label: __("Template", null, "Ops Delivery"),
				reqd: 1,
				options: rows.map((row) => ({ value: row.name, label: row.name })),
				default: defaults.template || rows[0].name,
				change: () => describe(),
			},
			{ fieldname: "about", fieldtype: "HTML" },
			{ fieldname: "customer", fieldtype: "Link", options: "Customer", label: __("Customer", null, "Ops Delivery"), reqd: 1, default: defaults.customer },
			{
				fieldname: "company",
				fieldtype: "Link",
				options: "Company",
				label: __("Supplier Company"),
				reqd: 1,
				default: defaults.company || frappe.defaults.get_user_default("Company"),
			},
			{ fieldtype: "Column Break" },
			{ fieldname: "title", fieldtype: "Data", label: __("Title"), description: __("Blank: the name of the template") },
			{ fieldname: "start_date", fieldtype: "Date", label: __("Valid from"), reqd: 1, default: frappe.datetime.get_today(), change: () => describe() },
			{ fieldname: "end_date", fieldtype: "Date", label: __("Valid to") },
		],
		label: __("Make the draft"),
		action: (values) => frappe.xcall("ops_delivery.api.agreements.from_template", values),
		done: (name) => frappe.set_route("Form", "Service Agreement", name),
	});
	function describe() {
		const row = rows.find((one) => one.name === dialog.get_value("template"));
		if (!row) return;
		dialog.fields_dict.about.$wrapper.html(`<p class="text-muted">${esc(row.description || "")}</p>`);
		dialog.set_df_property(
			"end_date",
			"description",
			__("Blank: {0} months from the start", [row.months || 12])
		);
	}
	describe();
};
