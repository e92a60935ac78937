// Words on our own forms that Frappe would show untranslated, or in the sense they have elsewhere.
(() => {
	// the type of a record: Frappe translates it only for those who may read DocType
	const types = {
		"Escalation Log": "reference_doctype",
		"Improvement Action": "source_doctype",
		"Rule Version": "reference_doctype",
		"Service Acceptance": "reference_doctype",
		"Service Clock": "reference_doctype",
		"Service Clock Trigger": "reference_doctype",
		"Service Handover": "source_doctype",
		"Service Authorship": "reference_doctype",
		"Service Leftover": "source_doctype",
		"Service Membership Change": "source_doctype",
		"Service Notice": "reference_doctype",
		"Service Review": "reference_doctype",
		"Service Signature": "reference_doctype",
		"Service Survey": "reference_doctype",
		"Survey Response": "reference_doctype",
	};
	// a choice that is only read, in a form or a list: Frappe leaves out whose choice it is
	const choice = frappe.form.formatters.Select;
	frappe.form.formatters.Select = (value, df, ...rest) => {
		const own = df?.formatter || frappe.meta.docfield_map[df?.parent]?.[df?.fieldname]?.formatter;
		const said = value && df?.parent && !own ? __(value, null, df.parent) : value;
		return said === value ? choice(value, df, ...rest) : frappe.utils.escape_html(said);
	};

	const format = (doctype, field) => {
		const formatter = (value) => (value ? frappe.utils.escape_html(__(value)) : "");
		frappe.ui.form.on(doctype, {
			refresh: (frm) => frm.fields_dict[field] && frm.set_df_property(field, "formatter", formatter),
		});
	};
	for (const [doctype, field] of Object.entries(types)) format(doctype, field);

	// phases and parts, which are the code's own words
	for (const field of ["needed_before", "part"])
		frappe.ui.form.on("Service Review", {
			refresh: (frm) =>
				frm.set_df_property(field, "formatter", (value) =>
					value ? frappe.utils.escape_html(__(value, null, "Service Review")) : ""
				),
		});

	// a link to what is named in English: Frappe translates it only for those who may read its type
	const NAMED = ["DocType", "Role", "Workflow State"];
	const is_ours = (df) => df?.parent && (frappe.get_meta(df.parent)?.module === "Ops Delivery");
	for (const doctype of NAMED) {
		const before = frappe.form.link_formatters[doctype];
		frappe.form.link_formatters[doctype] = (value, doc, df) =>
			before ? before(value, doc, df) : value && is_ours(df) && !frappe.model.can_read(doctype) ? __(value) : value;
	}
	// a version is called by its rule and its number
	frappe.form.link_formatters["Rule Version"] = (value) =>
		(value || "").replace(/^(.+)( r\d+)$/, (all, rule, number) => __(rule) + number);

	// what stands below a moment's field: Frappe adds the time zone to it first, and then knows no translation for both
	const MOMENTS = (frm) => frm.meta.fields.filter((df) => df.fieldtype === "Datetime" && df.description);
	for (const doctype of frappe.boot.ops_delivery.forms)
		frappe.ui.form.on(doctype, {
			refresh: (frm) =>
				MOMENTS(frm).forEach((df) => {
					const said = df.description.split("<br>")[0];
					if (__(said) !== said) frm.set_df_property(df.fieldname, "description", __(said));
				}),
		});

	// the labels of tabs: 15 leaves out whose they are, and says what the word means elsewhere
	const TABS = [
		"Deliverable", "Delivery Plan Template", "Field Service Sheet", "Major Incident Report", "Monitoring Source", "Operation Manual", "Optimization Plan", "Routine Schedule", "Remote Support Session", "Service Agreement", "Service Report",
		"Service Agreement Template",
	];
	for (const doctype of TABS)
		frappe.ui.form.on(doctype, {
			refresh: (frm) =>
				(frm.layout.tabs || []).forEach((tab) => tab.tab_link.find(".nav-link").text(__(tab.label, null, doctype))),
		});

	// texts that are planted in English and shown in the reader's language, in the rows of a table
	const TEXTS = {
		"Checklist Template": ["items", "question", "hint"],
		"Escalation Policy": ["steps", "step_name"],
		"Escalation Log": ["recipients", "told_as"],
	};
	for (const [doctype, [table, ...fields]] of Object.entries(TEXTS))
		frappe.ui.form.on(doctype, {
			refresh: (frm) => {
				const grid = frm.fields_dict[table].grid;
				const shown = (value) => (value ? frappe.utils.escape_html(__(value, null, grid.doctype)) : "");
				fields.forEach((field) => grid.update_docfield_property(field, "formatter", shown));
			},
		});
})();
