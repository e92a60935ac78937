// People in our lists by their names: a list shows a link as it is stored, and a user as an e-mail address.
(() => {
	const FIELDS = {
		"Delivery Activity": "owner_user",
		"Delivery Plan": "owner_user",
		"Dispatch Profile": "user",
		"Field Service Request": "superior",
		"Field Service Sheet": "owner_user",
		"Improvement Action": "owner_user",
		"Knowledge Article": "keeper",
		"Operation Manual": "keeper",
		"Remote Support Session": "owner_user",
		"Routine Task": "assigned_to",
		"Service Complaint": "handler",
		"Service Handover": "owner_user",
		"Service Leftover": "owner_user",
	};
	const people = frappe.boot.ops_delivery?.people || {};
	for (const [doctype, field] of Object.entries(FIELDS)) {
		const settings = (frappe.listview_settings[doctype] ??= {});
		const name = (value) =>
			`<a class="filterable ellipsis" data-filter="${field},=,${frappe.utils.escape_html(value || "")}">${frappe.utils.escape_html(people[value] || value || "")}</a>`;
		settings.formatters = { [field]: name, ...settings.formatters };
	}
})();
