// Before a task begins: what must be met is confirmed, a superior lets it begin all the same, and what the customer provides is
// written down where it was said elsewhere than on the portal.
frappe.provide("ops_delivery.routine");

ops_delivery.once("routine_begin.js", () => {
	const { esc } = ops_delivery;
	const said = (text) => __(text, null, "Routine Confirmation");
	const call = (frm, method, args) => frappe.xcall(`ops_delivery.api.routine.${method}`, { name: frm.doc.name, ...args });

	/** Begin at once where nothing is to be confirmed, else ask for it first. */
	ops_delivery.routine.begin = async (frm) => {
		const found = await ops_delivery.load("ops_delivery.api.routine.before_it_begins", { name: frm.doc.name }, "GET");
		const open = found.points.filter((point) => point.open);
		if (!open.length) return call(frm, "start").then(() => frm.reload_doc());
		ask(frm, found, open);
	};

	function ask(frm, found, open) {
		const fields = [];
		open.forEach((point, index) => {
			const other = point.second_person ? __("To be confirmed by somebody else than who begins.") : "";
			const by = point.state ? `${said(point.state)}: ${point.by}` : "";
			fields.push(
				{
					fieldname: `state_${index}`,
					fieldtype: "Select",
					label: `${said(point.area)}: ${point.text}`,
					options: [
						{ value: "", label: "" },
						{ value: "Met", label: said("Met") },
						{ value: "Not Met", label: said("Not Met") },
					],
					default: point.state,
					description: esc([other, by].filter(Boolean).join(" ")),
				},
				{
					fieldname: `remark_${index}`,
					fieldtype: "Small Text",
					label: said("Remark"),
					default: point.remark,
					depends_on: `eval:doc.state_${index}==='Not Met'`,
					mandatory_depends_on: `eval:doc.state_${index}==='Not Met'`,
				}
			);
		});
		const keep = async (given) => {
			const rows = open
				.map((point, index) => ({ point, state: given[`state_${index}`], remark: given[`remark_${index}`] || "" }))
				.filter((row) => row.state && (row.state !== row.point.state || row.remark !== (row.point.remark || "")))
				.map((row) => ({ key: row.point.key, met: row.state === "Met" ? 1 : 0, remark: row.remark }));
			if (rows.length) await call(frm, "confirm", { rows });
		};
		const dialog = ops_delivery.ask({
			title: __("Before you begin"),
			intro: __("Confirm what must be met. What is not met goes to your superior."),
			fields,
			label: __("Confirm and begin"),
			action: async (given) => {
				await keep(given);
				await call(frm, "start");
			},
			done: () => frm.reload_doc(),
		});
		dialog.set_secondary_action_label(__("Confirm only"));
		dialog.set_secondary_action(async () => {
			const given = dialog.get_values();
			if (!given) return;
			await keep(given);
			dialog.hide();
			frm.reload_doc();
		});
	}

	/** What stands before the beginning, above the grid; a superior's button where one is asked for. */
	ops_delivery.routine.show_points = async (frm) => {
		if (frm.doc.started_on) return;
		const name = frm.doc.name;
		const found = await ops_delivery.load("ops_delivery.api.routine.before_it_begins", { name }, "GET");
		if (frm.doc.name !== name) return;
		const lines = found.points
			.filter((point) => point.stands)
			.map((point) => `${said(point.area)}: ${point.text}${point.state ? ` (${said(point.state)}: ${point.remark})` : ""}`);
		const skills = found.skills && !found.skills.permitted ? found.skills : null;
		if (skills) lines.push(...skills.texts.map((text) => `${skills.who}: ${text}`));
		if (!lines.length) return;
		frm.set_intro(`<b>${__("Before it begins:")}</b><ul>${lines.map((line) => `<li>${esc(line)}</li>`).join("")}</ul>`, "orange");
		if (!found.may_permit) return;
		const asked = found.points.filter((point) => point.state === "Not Met" && !point.own).map((point) => ({ key: point.key, text: point.text }));
		if (skills && !skills.own) asked.push({ key: skills.key, text: `${skills.who}: ${skills.texts.join("; ")}` });
		for (const one of asked) {
			frm.add_custom_button(
				esc(one.text.length > 40 ? `${one.text.slice(0, 40)}…` : one.text),
				() =>
					ops_delivery.ask({
						title: __("Permit it all the same"),
						intro: esc(one.text),
						fields: [{ fieldname: "reason", fieldtype: "Small Text", label: __("Why, and what is done instead"), reqd: 1 }],
						label: __("Permit"),
						action: (given) => call(frm, "permit", { key: one.key, reason: given.reason }),
						done: () => frm.reload_doc(),
					}),
				__("Permit")
			);
		}
	};

	/** What one of the customer's people said by telephone. */
	ops_delivery.routine.record_answer = (frm) => {
		const rows = frm.doc.assistance || [];
		ops_delivery.ask({
			title: __("What the customer said"),
			fields: [
				{
					fieldname: "row",
					fieldtype: "Select",
					label: __("Asked of the customer", null, "Routine Task"),
					options: rows.map((row) => ({ value: row.name, label: row.details })),
					default: (rows.find((row) => row.state === "Asked") || rows[0]).name,
					reqd: 1,
				},
				{
					fieldname: "confirmed",
					fieldtype: "Select",
					label: __("Answer", null, "Routine Assistance Request"),
					options: [
						{ value: "1", label: __("They provide it") },
						{ value: "0", label: __("They cannot") },
					],
					default: "1",
					reqd: 1,
				},
				{ fieldname: "words", fieldtype: "Small Text", label: __("Words"), mandatory_depends_on: "eval:doc.confirmed==='0'" },
				{ fieldname: "person", fieldtype: "Data", label: __("Who said so"), reqd: 1 },
			],
			label: __("Note", null, "Ops Delivery"),
			action: (given) => call(frm, "record_answer", { ...given, words: given.words || "" }),
			done: () => frm.reload_doc(),
		});
	};
});
