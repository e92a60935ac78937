{% include "ops_delivery/public/js/configuration/helpers.js" %}

frappe.ui.form.on("Measured Record Type", {
	setup(frm) {
		frm.set_query("document_type", () => ({ filters: { istable: 0, issingle: 0, is_virtual: 0 } }));
	},
	before_save: (frm) => ops_delivery.configuration.before_switching_off(frm),
	refresh(frm) {
		frm.ops_was_enabled = frm.doc.enabled;
		frm.trigger("offer_fields");
		const names = frm.doc.__onload?.customers_not_found || [];
		frm.set_intro(
			names.length &&
				__("No Customer is found for these, so their records have no clocks: {0}", [
					names.map(frappe.utils.escape_html).join(", "),
				]),
			"orange"
		);
	},
	document_type: (frm) => frm.trigger("offer_fields"),
	async offer_fields(frm) {
		if (!frm.doc.document_type) return;
		const { usable } = await ops_delivery.configuration.ask("configuration.record_type_fields", {
			doctype: frm.doc.document_type,
		});
		Object.entries(usable).forEach(([setting, fields]) => frm.fields_dict[setting].set_data(fields));
	},
});
