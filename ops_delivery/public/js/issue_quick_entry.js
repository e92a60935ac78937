// "Add Issue" in a dialog: a request that is measured begins with whose it is and what it is about, or no clock runs.
(() => {
	const { in_use, every_issue } = frappe.boot.ops_delivery || {};
	const Native = frappe.ui.form.QuickEntryForm;
	if (!in_use || !Native) return;

	// beside what is mandatory anyway; the customer is, where every Issue is measured by agreements
	const NEEDED = ["customer", "contact", "ops_object", "ops_channel", "ops_customer_urgency", "description"];

	frappe.ui.form.IssueQuickEntryForm ??= class extends Native {
		set_meta_and_mandatory_fields() {
			super.set_meta_and_mandatory_fields();
			const customer = () => this.dialog?.get_value("customer");
			const queries = {
				contact: () => ops_delivery.contacts_of(customer()),
				ops_object: () => ops_delivery.of_customer(customer(), { enabled: 1 }),
			};
			const fields = NEEDED.map((fieldname) => this.meta.fields.find((df) => df.fieldname === fieldname))
				.filter((df) => df && !df.read_only && !df.hidden)
				.map((df) => ({
					...df,
					depends_on: "",
					get_query: queries[df.fieldname],
					reqd: df.fieldname === "customer" && every_issue ? 1 : df.reqd,
				}));
			const named = new Set(fields.map((df) => df.fieldname));
			const first = this.mandatory.filter((df) => !named.has(df.fieldname));
			this.mandatory = [...first, ...fields];
		}
	};
})();
