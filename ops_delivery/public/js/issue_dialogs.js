// Shared by what staff do with an Issue: a dialog whose answer becomes field values, and closes only when they are saved.
frappe.provide("ops_delivery.issue");

(() => {
	const { save_with } = ops_delivery;

	const ask = (frm, { values, indicator, ...question }) =>
		ops_delivery.ask({
			...question,
			action: async (given, dialog) => {
				const result = await values(given, dialog);
				if (result) await save_with(frm, result);
			},
			done: () => indicator && frappe.show_alert({ message: indicator, indicator: "green" }),
		});

	Object.assign(ops_delivery.issue, { save_with, ask });
})();
