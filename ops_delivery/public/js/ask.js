// A dialog whose answer the server may refuse: it stays open, with what was typed, until the server has agreed.
// frappe.prompt closes first and asks then, so nothing of ours uses it (tests/domain/test_dialogs.py).
frappe.provide("ops_delivery");

(() => {
	/** The number boxes of a dialog show 48 and 47.5 as people write them, where Frappe fills them up with zeros. */
	ops_delivery.plain_numbers = (dialog) => {
		for (const control of Object.values(dialog.fields_dict)) {
			if (!["Float", "Percent"].includes(control.df.fieldtype)) continue;
			const by_frappe = control.format_for_input;
			control.format_for_input = function (value) {
				const text = by_frappe.call(this, value);
				const point = get_number_format_info(this.get_number_format() || get_number_format()).decimal_str;
				return point && text.includes(point) ? text.replace(/0+$/, "").replace(new RegExp(`[${point}]$`), "") : text;
			};
			control.set_formatted_input(control.get_value() ?? control.df.default);
		}
	};

	/** Frappe takes over what is typed into a text editor a moment later, and empties a box that it looks at before that. */
	ops_delivery.take_typed = (dialog) => {
		const by_frappe = dialog.get_values;
		dialog.get_values = function (...given) {
			for (const control of Object.values(this.fields_dict)) {
				if (control.quill?.getText().trim()) control.value = control.get_input_value();
			}
			return by_frappe.apply(this, given);
		};
	};

	/**
	 * Ask for values and do something with them. `action(values, dialog)` does it: when its promise is kept, the dialog
	 * closes and `done(result)` follows; when it is broken, whoever refused has said why and nothing typed is lost. An
	 * action that only finds something missing says so itself and gives false. `intro`: HTML above the fields; what
	 * else is given goes to the dialog.
	 */
	ops_delivery.ask = ({ label, fields, action, done, intro, ...options }) => {
		let busy = false; // a second tap is no second answer
		const dialog = new frappe.ui.Dialog({
			...options,
			fields: intro ? [{ fieldtype: "HTML", options: `<p class="text-muted">${intro}</p>` }, ...fields] : fields,
			primary_action_label: label,
			primary_action: async (given) => {
				if (busy) return;
				busy = true;
				dialog.disable_primary_action();
				let result = false;
				try {
					result = await action(given, dialog);
				} catch (error) {
					console.warn(error);
				} finally {
					busy = false;
					dialog.enable_primary_action();
				}
				if (result === false) return;
				dialog.hide();
				if (done) await done(result);
			},
		});
		ops_delivery.plain_numbers(dialog);
		ops_delivery.take_typed(dialog);
		dialog.show();
		return dialog;
	};

	/** Set values of a form and save; rejects, with the form as it was before, if the server refuses. */
	ops_delivery.save_with = (frm, values) =>
		new Promise((resolve, reject) => {
			const was_dirty = frm.is_dirty();
			const before = {};
			for (const key of Object.keys(values)) before[key] = frm.doc[key] ?? null;
			const undo = () => {
				Object.assign(frm.doc, before);
				if (!was_dirty) {
					delete frm.doc.__unsaved;
					frm.toolbar.refresh();
				}
				reject();
			};
			// not by frm.set_value: a text editor would report its own markup as another change after the save
			Object.assign(frm.doc, values);
			frm.dirty();
			frm.save("Save", (r) => (r.exc ? undo() : resolve()), null, undo);
		});
})();
