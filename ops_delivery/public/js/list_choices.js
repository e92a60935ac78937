// A choice in a list that is not the record's state: Frappe leaves out whose choice it is, and so shows it in English.
(() => {
	const CHOICES = {
		"Amount Entry": ["kind"],
		"Field Service Request": ["kind"],
		"Mail That Needs a Person": ["reason"],
		"Object State": ["verdict"],
		"Routine Finding": ["verdict"],
		"Routine Reading": ["verdict"],
		"Routine Task": ["result"],
		"Service Membership Change": ["change"],
	};
	const format = (doctype, formatters) => {
		const settings = (frappe.listview_settings[doctype] ??= {});
		settings.formatters = { ...formatters, ...settings.formatters };
	};
	const choice = (doctype) => (value) =>
		value ? `<span class="indicator-pill ${ops_delivery.colour("Routine Reading", value)} ellipsis">${frappe.utils.escape_html(__(value, null, doctype))}</span>` : "";
	for (const [doctype, fields] of Object.entries(CHOICES))
		format(doctype, Object.fromEntries(fields.map((field) => [field, choice(doctype)])));
	// the answer to a question is kept as Yes or No
	const answer = (value) => frappe.utils.escape_html(["Yes", "No"].includes(value) ? __(value) : String(value ?? ""));
	for (const doctype of ["Object State", "Routine Reading"]) format(doctype, { value: answer });
	format("Routine Finding", { last_value: answer });
})();
