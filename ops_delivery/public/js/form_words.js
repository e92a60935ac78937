// Words on our own forms that Frappe would show untranslated, or in the sense they have elsewhere.
(() => {
	// the type of a record: Frappe translates it only for those who may read DocType
	const types = {
		"Escalation Log": "reference_doctype",
		"Improvement Action": "source_doctype",
		"Service Acceptance": "reference_doctype",
		"Service Clock": "reference_doctype",
		"Service Clock Trigger": "reference_doctype",
		"Service Handover": "source_doctype",
		"Service Leftover": "source_doctype",
		"Service Notice": "reference_doctype",
		"Service Review": "reference_doctype",
		"Service Signature": "reference_doctype",
	};
	// a state that is only read: Frappe leaves out whose state it is
	const states = {
		"Service Acceptance": "state",
		"Consulting Plan": "status",
		"Consulting Recommendation": "state",
		"Consulting Report": "status",
		"Delivery Activity": "state",
		"Delivery Plan": "status",
		"Improvement Action": "state",
		"Optimization Plan": "status",
		"Service Agreement": "status",
		"Service Clock": "state",
		"Service Complaint": "status",
		"Service Clock Trigger": "state",
		"Service Notice": "state",
		"Service Review": "state",
		"Service Signature": "state",
	};
	const format = (doctype, field, context) => {
		const formatter = (value) => (value ? frappe.utils.escape_html(__(value, null, context)) : "");
		frappe.ui.form.on(doctype, {
			refresh: (frm) => frm.fields_dict[field] && frm.set_df_property(field, "formatter", formatter),
		});
	};
	for (const [doctype, field] of Object.entries(types)) format(doctype, field);
	for (const [doctype, field] of Object.entries(states)) format(doctype, field, doctype);
})();
