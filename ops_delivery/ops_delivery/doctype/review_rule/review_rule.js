{% include "ops_delivery/public/js/configuration/helpers.js" %}

frappe.ui.form.on("Review Rule", {
	setup(frm) {
		frm.set_query("document_type", () => ({ filters: { name: ["in", frm.types || ["Service Agreement"]] } }));
	},

	async refresh(frm) {
		if (frm.perm[0]?.write) {
			frm.add_custom_button(__("Try on a record"), () => frm.events.try_on(frm));
		}
		await frm.events.list_choices(frm);
		ops_delivery.configuration.on_the_last(frm);
	},

	document_type(frm) {
		frm.set_value({ part: "", needed_before: "" });
		frm.events.list_choices(frm);
	},

	async list_choices(frm) {
		const facts = await ops_delivery.load("ops_delivery.api.reviews.rule_choices", {
			doctype: frm.doc.document_type || "",
		});
		frm.types = facts.types;
		frm.fields_dict.part.set_data(facts.parts);
		frm.fields_dict.needed_before.set_data(facts.before);
		frm.toggle_display("part", Boolean(facts.parts.length || frm.doc.part));
		frm.events.show_fields(frm, facts.fields);
	},

	show_fields(frm, fields) {
		const { escape } = ops_delivery.configuration;
		const $wrapper = frm.get_field("preview").$wrapper;
		if (!fields.length) {
			$wrapper.html(
				`<p class="text-muted">${__("Choose a document type; the fields a condition can read then appear here.")}</p>`
			);
			return;
		}
		$wrapper.html(`<details class="ops-fields"><summary>${__("Fields that the condition can read ({0})", [
			__(frm.doc.document_type),
		])}</summary><div class="ops-field-list"><table class="table table-sm"><tbody>${fields
			.map(
				(row) =>
					`<tr><td><button type="button" class="btn btn-xs btn-default" data-copy="doc.${row.fieldname}">doc.${
						row.fieldname
					}</button></td><td>${escape(row.label)}</td><td class="text-muted">${escape(__(row.fieldtype))}</td></tr>`
			)
			.join("")}</tbody></table></div></details>`);
		$wrapper.find("[data-copy]").on("click", (e) => frappe.utils.copy_to_clipboard(e.currentTarget.dataset.copy));
	},

	try_on(frm) {
		if (!frm.doc.document_type) {
			frappe.msgprint(__("Choose the document type first."));
			return;
		}
		ops_delivery.configuration.try_on(frm, frm.doc.document_type, "ops_delivery.api.reviews.try_rule");
	},

	result(frm, facts) {
		const { escape } = ops_delivery.configuration;
		if (facts.error) return ops_delivery.configuration.failed_condition(facts.error);
		if (!facts.applies) {
			return `<p><span class="indicator-pill gray">${__("The rule does not apply to this record")}</span></p>`;
		}
		const people = facts.people.map((person) => escape(person.full_name || person.user)).join(", ");
		return `<p><span class="indicator-pill green">${__("The rule applies")}</span></p>
			<p>${__("Asked would be: {0}", [people || `<b class="text-danger">${__("nobody")}</b>`])}</p>
			<p class="text-muted">${__("Authors, who cannot review it: {0}", [escape(facts.authors.join(", "))])}</p>`;
	},
});
