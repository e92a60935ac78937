// A list shows names as they stand: those that are seeded in English are shown in the reader's language here, as on forms.
(() => {
	const NAMED = [
		"Checklist Template", "Clock Definition", "Deliverable Type", "Delivery Plan Template", "Escalation Policy", "Measured Record Type",
		"Priority Matrix", "Review Rule", "Routine Kind", "Service Calendar", "Service Commitment", "Service Importance", "Service Security Class", "Service Urgency",
		"Survey Rule", "Survey Template",
	];
	// Frappe escapes it in one place of two
	const shown = (text) => (String(text).includes("<") ? frappe.utils.escape_html(text) : text);
	const format = (doctype, formatters) => {
		const settings = (frappe.listview_settings[doctype] ??= {});
		settings.formatters = { ...formatters, ...settings.formatters };
	};
	for (const doctype of NAMED) format(doctype, { name: (value) => shown(__(value || "", null, doctype)) });
	// a version is called by its rule and its number
	const version = (value) => shown(String(value || "").replace(/^(.+)( r\d+)$/, (all, rule, number) => __(rule) + number));
	format("Rule Version", { name: version, reference_name: (value) => shown(__(value || "")) });
})();
