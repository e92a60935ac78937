// What staff do with service clocks: print how one came about, rebuild a record's, acknowledge escalations.
frappe.provide("ops_delivery");

(() => {
	const { esc } = ops_delivery;

	/** Ask for a PDF of api/printing.py; the browser downloads it. */
	ops_delivery.print = (method, args) =>
		open_url_post(`/api/method/ops_delivery.api.printing.${method}`, args, true);

	/** Rebuild a record's clocks from their ledgers and show what differed. */
	ops_delivery.repair = (doctype, name, done) =>
		frappe.confirm(
			__("Rebuild the clocks of this record from their ledgers? What differs is put right and shown."),
			async () => {
				const differences = await frappe.xcall("ops_delivery.api.clocks.rebuild", { doctype, name });
				const cells = (row, tag) => row.map((cell) => `<${tag}>${esc(cell)}</${tag}>`).join("");
				const rows = differences.map((d) => [__(d.commitment, null, "Service Commitment"), d.label, d.stored, d.rebuilt]);
				const head = [__("Commitment"), __("Field"), __("Stored"), __("By the ledger")];
				frappe.msgprint({
					title: __("Clocks rebuilt"),
					message: rows.length
						? `<div class="ops-matrix-scroll"><table class="ops-matrix"><thead><tr>${cells(
								head,
								"th"
						  )}</tr></thead><tbody>${rows
								.map((row) => `<tr>${cells(row, "td")}</tr>`)
								.join("")}</tbody></table></div>`
						: __("Every clock agrees with its ledger; nothing had to be changed."),
					indicator: rows.length ? "orange" : "green",
				});
				done && done();
			}
		);

	/** Acknowledge escalations with a note, then call back. */
	ops_delivery.acknowledge = (names, done) => {
		ops_delivery.ask({
			title:
				names.length === 1
					? __("Acknowledge the escalation")
					: __("Acknowledge {0} escalations", [names.length]),
			label: __("Acknowledge"),
			fields: [
				{
					fieldname: "note",
					fieldtype: "Small Text",
					label: __("Note", null, "Ops Delivery"),
					description: __("What you do about it; it stays in the escalation log"),
				},
			],
			action: ({ note }) => frappe.xcall("ops_delivery.api.escalation.acknowledge", { names, note: note || "" }),
			done: ({ done: count }) => {
				frappe.show_alert({
					message: count === 1 ? __("1 escalation acknowledged") : __("{0} escalations acknowledged", [count]),
					indicator: "green",
				});
				done && done();
			},
		});
	};
})();
