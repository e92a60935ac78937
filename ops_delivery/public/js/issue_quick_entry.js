// "Add Issue" in a dialog: a request that is measured begins with whose it is and what it is about, or no clock runs.
(() => {
	const { in_use, every_issue } = frappe.boot.ops_delivery || {};
	const Native = frappe.ui.form.QuickEntryForm;
	if (!in_use || !Native) return;

	const NEEDED = ["customer", "contact", "ops_object", "ops_channel", "ops_customer_urgency", "description"];

	frappe.ui.form.IssueQuickEntryForm ??= class extends Native {
		set_meta_and_mandatory_fields() {
			super.set_meta_and_mandatory_fields();
			const customer = () => this.dialog?.get_value("customer");
			const queries = {
				contact: () => ops_delivery.contacts_of(customer()),
				ops_object: () => ops_delivery.of_customer(customer(), { enabled: 1 }),
			};
			// of this new record alone: the form of another one stays as it is
			const field = (fieldname) => frappe.meta.get_docfield(this.doctype, fieldname, this.doc.name);
			const needed = NEEDED.map(field).filter((df) => df && !df.read_only && !df.hidden);
			for (const df of needed) if (queries[df.fieldname]) df.get_query = queries[df.fieldname];
			this.customer = needed.find((df) => df.fieldname === "customer");
			// where every Issue is measured by agreements; else it may be one of a customer without
			if (this.customer && every_issue) this.customer.reqd = 1;
			this.mandatory = [...this.mandatory.filter((df) => !NEEDED.includes(df.fieldname)), ...needed];
		}

		/** The whole form takes a request of nobody known yet, and says what that means. */
		open_doc(...given) {
			if (this.customer) this.customer.reqd = 0;
			return super.open_doc(...given);
		}
	};
})();
