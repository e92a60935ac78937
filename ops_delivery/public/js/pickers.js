// What pickers offer of what belongs to a customer, as services/scope/customer_links.py has it; and forms that open filled in.
frappe.provide("ops_delivery");

/** Where the field beside the picker says of which type: what is the customer's or nobody's. A Task knows no customer. */
ops_delivery.of_type_and_customer = (doctype, customer) =>
	customer && doctype && doctype !== "Task" ? { filters: { customer: ["in", ["", customer]] } } : {};

/** A picker of Operation Manuals that tasks can be done by: published, not retired, the customer's or everybody's. */
ops_delivery.manuals_of = (customer) => ({
	filters: {
		published_version: ["is", "set"],
		status: ["!=", "Retired"],
		...(customer && { customer: ["in", ["", customer]] }),
	},
});

/** In a dialog whose field `how` may say "existing": the two fields that name the record, of one of the types. */
ops_delivery.existing_record = (types, customer, of_dialog) => [
	{
		fieldname: "doctype",
		fieldtype: "Select",
		label: __("Record Type"),
		options: types.map((value) => ({ value, label: __(value) })),
		depends_on: 'eval:doc.how=="existing"',
		mandatory_depends_on: 'eval:doc.how=="existing"',
	},
	{
		fieldname: "name",
		fieldtype: "Dynamic Link",
		options: "doctype",
		label: __("Record"),
		get_options: () => of_dialog().get_value("doctype"),
		get_query: () => ops_delivery.of_type_and_customer(of_dialog().get_value("doctype"), customer),
		depends_on: 'eval:doc.how=="existing"',
		mandatory_depends_on: 'eval:doc.how=="existing"',
	},
];

/** A picker of people: of the supplier's, or of the customer's who can log in, as the row beside it says. */
ops_delivery.people_of = (is_customers, customer) =>
	is_customers && customer
		? { query: "ops_delivery.api.pickers.people_of_customer", filters: { customer } }
		: { filters: { enabled: 1, user_type: is_customers ? "Website User" : "System User" } };

/**
 * Open the form of a new record with values and rows filled in. Not frappe.new_doc: older Frappe takes links and short
 * texts alone from it, and leaves out the times and the content.
 */
ops_delivery.open_new = (doctype, values, tables = {}) =>
	frappe.model.with_doctype(doctype, () => {
		const doc = Object.assign(frappe.model.get_new_doc(doctype), values);
		for (const [table, rows] of Object.entries(tables))
			(rows || []).forEach((row) => Object.assign(frappe.model.add_child(doc, table), row));
		return frappe.set_route("Form", doctype, doc.name);
	});
