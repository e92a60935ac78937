{% include "ops_delivery/public/js/configuration/helpers.js" %}
{% include "ops_delivery/public/js/configuration/change_dialog.js" %}

const CONDITIONS = ["start_when", "pause_when", "resume_when", "meet_when", "cancel_when", "reset_when"];

frappe.ui.form.on("Clock Definition", {
	before_save: (frm) => ops_delivery.configuration.before_rule_change(frm),

	refresh(frm) {
		if (frm.perm[0]?.write) {
			frm.add_custom_button(__("Try on a record"), () => frm.events.try_on(frm));
		}
		frm.trigger("list_fields");
		ops_delivery.configuration.on_the_last(frm);
	},

	document_type: (frm) => frm.trigger("list_fields"),

	async list_fields(frm) {
		const { ask, problem } = ops_delivery.configuration;
		const $wrapper = frm.get_field("preview").$wrapper;
		if (!frm.doc.document_type) {
			$wrapper.html(
				`<p class="text-muted">${__("Choose a record type; the fields that conditions can read then appear here.")}</p>`
			);
			return;
		}
		try {
			const { conditions } = await ask("configuration.record_type_fields", { doctype: frm.doc.document_type });
			frm.events.show_fields(frm, $wrapper, conditions);
			const moments = conditions
				.filter((row) => ["Datetime", "Date"].includes(row.fieldtype))
				.map((row) => ({ value: row.fieldname, description: row.label }));
			["start_at_field", "meet_at_field", "own_deadline_field"].forEach((name) => frm.fields_dict[name].set_data?.(moments));
		} catch (message) {
			$wrapper.html(problem(message));
		}
	},

	show_fields(frm, $wrapper, fields) {
		const { escape } = ops_delivery.configuration;
		const describe = (row) =>
			row.fieldtype === "Select"
				? row.options.split("\n").filter(Boolean).map((option) => `"${escape(option)}"`).join(", ")
				: [__(row.fieldtype), row.options && __(row.options)].filter(Boolean).map(escape).join(": ");
		$wrapper.html(`<details class="ops-fields" open><summary>${__("Fields that conditions can read ({0})", [
			__(frm.doc.document_type),
		])}</summary>
			<p class="text-muted">${__("Click a field to copy it. old.field is its value before the change.")}</p>
			<input type="search" class="form-control input-sm" placeholder="${__("Search")}" aria-label="${__("Search")}">
			<div class="ops-field-list"><table class="table table-sm"><tbody>${fields
				.map(
					(row) => `<tr data-text="${escape(`${row.fieldname} ${row.label}`.toLowerCase())}">
					<td><button type="button" class="btn btn-xs btn-default" data-copy="doc.${row.fieldname}">doc.${
						row.fieldname
					}</button></td><td>${escape(row.label)}</td><td class="text-muted">${describe(row)}</td></tr>`
				)
				.join("")}</tbody></table></div></details>`);
		$wrapper.find("[data-copy]").on("click", (e) => frappe.utils.copy_to_clipboard(e.currentTarget.dataset.copy));
		$wrapper.find("input").on("input", (e) => {
			const wanted = e.target.value.toLowerCase();
			$wrapper.find("tr").each((_, row) => $(row).toggle(row.dataset.text.includes(wanted)));
		});
	},

	try_on(frm) {
		const { ask, problem } = ops_delivery.configuration;
		if (!frm.doc.document_type) {
			frappe.msgprint(__("Choose the record type first."));
			return;
		}
		const dialog = new frappe.ui.Dialog({
			title: __("Try on a record"),
			size: "large",
			fields: [
				{
					fieldname: "record",
					fieldtype: "Link",
					options: frm.doc.document_type,
					label: __(frm.doc.document_type),
					reqd: 1,
					description: __("The conditions as they stand in the form, also unsaved; nothing is changed."),
				},
				{ fieldname: "result", fieldtype: "HTML" },
			],
			primary_action_label: __("Try"),
			primary_action: async ({ record }) => {
				const $result = dialog.get_field("result").$wrapper;
				try {
					const rows = await ask("definitions.try_on", { definition: frm.doc, name: record });
					$result.html(frm.events.results(frm, rows));
				} catch (message) {
					$result.html(problem(message));
				}
			},
		});
		dialog.show();
	},

	results(frm, rows) {
		const { escape } = ops_delivery.configuration;
		const verdict = (row) => {
			if (row.error) return `<span class="indicator-pill red">${__("fails")}</span><br><code class="text-wrap">${escape(row.error)}</code>`;
			return row.result
				? `<span class="indicator-pill green">${__("holds")}</span>`
				: `<span class="indicator-pill gray">${__("does not hold")}</span>`;
		};
		const body = CONDITIONS.map((name) => rows.find((row) => row.condition === name))
			.filter(Boolean)
			.map(
				(row) => `<tr><td class="text-nowrap">${__(frappe.meta.get_label("Clock Definition", row.condition))}</td>
				<td><code>${escape(row.expression)}</code></td><td class="text-nowrap">${verdict(row)}</td></tr>`
			)
			.join("");
		return `<table class="table table-sm"><tbody>${body}</tbody></table>`;
	},
});
