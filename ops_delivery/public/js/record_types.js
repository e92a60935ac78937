// The type of a record a person is sent to, in their own words: Frappe translates it only for those who may read DocType.
(() => {
	const fields = {
		"Escalation Log": "reference_doctype",
		"Service Acceptance": "reference_doctype",
		"Service Clock": "reference_doctype",
		"Service Clock Trigger": "reference_doctype",
		"Service Handover": "source_doctype",
		"Service Leftover": "source_doctype",
		"Service Notice": "reference_doctype",
	};
	const formatter = (value) => (value ? frappe.utils.escape_html(__(value)) : "");
	for (const [doctype, field] of Object.entries(fields)) {
		frappe.ui.form.on(doctype, {
			refresh: (frm) => frm.fields_dict[field] && frm.set_df_property(field, "formatter", formatter),
		});
	}
})();
