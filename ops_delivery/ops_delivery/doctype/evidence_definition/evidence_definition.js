{% include "ops_delivery/public/js/configuration/helpers.js" %}

frappe.ui.form.on("Evidence Definition", {
	refresh(frm) {
		if (frm.perm[0]?.write) frm.add_custom_button(__("Try on a record"), () => frm.events.try_on(frm));
		ops_delivery.configuration.on_the_last(frm);
	},

	try_on(frm) {
		if (!frm.doc.document_type) {
			frappe.msgprint(__("Choose the type of record first."));
			return;
		}
		ops_delivery.configuration.try_on(frm, frm.doc.document_type, "ops_delivery.api.evidence.try_definition");
	},

	result(frm, facts) {
		const { escape } = ops_delivery.configuration;
		if (facts.error) return ops_delivery.configuration.failed_condition(facts.error);
		const line = (holds, text) => `<p><span class="indicator-pill ${holds ? "green" : "gray"}">${text}</span></p>`;
		const lacking = facts.lacking.length ? `<p>${__("It lacks:")} ${escape(facts.lacking.join(", "))}</p>` : "";
		return line(facts.holds && !facts.lacking.length, facts.holds ? __("The record counts") : __("The record does not count")) + lacking;
	},
});
