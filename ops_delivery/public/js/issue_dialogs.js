// Shared by what staff do with an Issue: a dialog stays open, with what was typed, until the server has agreed.
frappe.provide("ops_delivery.issue");

(() => {
	/** Set values and save; rejects, with the form as it was before, if the server refuses. */
	const save_with = (frm, values) =>
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

	/** A dialog whose answer becomes field values; it closes only when they are saved. */
	const ask = (frm, { title, label, fields, values, indicator }) => {
		const dialog = new frappe.ui.Dialog({
			title,
			fields,
			primary_action_label: label,
			primary_action: (given) => {
				dialog.disable_primary_action();
				Promise.resolve(values(given, dialog))
					.then((result) => (result ? save_with(frm, result) : null))
					.then(() => {
						dialog.hide();
						if (indicator) frappe.show_alert({ message: indicator, indicator: "green" });
					})
					.catch(() => {})
					.finally(() => dialog.enable_primary_action());
			},
		});
		dialog.show();
		return dialog;
	};

	Object.assign(ops_delivery.issue, { save_with, ask });
})();
