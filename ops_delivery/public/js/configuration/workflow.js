// The form of a Workflow on records of ours: try its path, and choose where documents of vanished states go.
frappe.provide("ops_delivery");
ops_delivery.once("configuration/workflow.js", () => {
	const { esc } = ops_delivery;
	const { forms = [], hosts_types = [] } = frappe.boot.ops_delivery || {};
	const is_ours = (frm) => [...forms, ...hosts_types].includes(frm.doc.document_type);

	frappe.ui.form.on("Workflow", {
		setup: () => stand_in(),
		refresh(frm) {
			if (!is_ours(frm)) return;
			stand_in();
			if (frm.perm[0]?.write) frm.add_custom_button(__("Try the path"), () => try_path(frm));
		},
		/** Frappe does not look at a new workflow; one that takes another's place can leave documents in the other's states. */
		async validate(frm) {
			if (!is_ours(frm) || !frm.is_new() || !frm.doc.is_active || frm.doc.ops_moves) return;
			const rows = (await ask("where_documents_go", { doc: frm.doc })).filter((row) => row.strands);
			if (!rows.length) return;
			frappe.validated = false;
			choose_states(frm, rows);
		},
	});

	/** Frappe's form says that documents are in states that are no more, and offers to save all the same: they could not be
	 * saved then. Its script may be read anew, so this is looked at with each form. */
	let theirs = [];
	const warn = async (frm) => {
		const rows = is_ours(frm) ? await ask("where_documents_go", { doc: frm.doc }) : [];
		if (rows.length) choose_states(frm, rows);
		else theirs.forEach((handler) => handler(frm));
	};
	const stand_in = () => {
		const handlers = frappe.ui.form.handlers.Workflow;
		const others = (handlers.create_warning_dialog || []).filter((handler) => handler !== warn);
		if (others.length) theirs = others;
		handlers.create_warning_dialog = [warn];
	};

	const ask = (method, args) => frappe.xcall(`ops_delivery.api.workflows.${method}`, args);

	function choose_states(frm, rows) {
		const fields = rows.flatMap((row, number) => [
			{
				fieldname: `to_${number}`,
				fieldtype: "Select",
				label: __("{0} documents in {1} go to", [row.count, row.label]),
				options: row.targets,
				default: row.targets[0]?.value,
				reqd: 1,
				description: row.targets.length
					? `<a href="${esc(row.list)}" target="_blank">${__("show them")}</a>`
					: __("No state leaves their phase as it is. Keep the state, and move them on by the workflow first."),
			},
		]);
		ops_delivery.ask({
			title: __("Where do their documents go?"),
			intro: __("The workflow no longer has these states. The documents keep their phase; the reason is noted on each of them."),
			fields: [...fields, { fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }],
			label: __("Move and Save"),
			action: async (values) => {
				const moves = rows.map((row, number) => ({ state: row.state, to: values[`to_${number}`], reason: values.reason }));
				frm.ignore_warning = true; // of Frappe's own check, which has led here
				try {
					await ops_delivery.save_with(frm, { ops_moves: JSON.stringify(moves) });
				} finally {
					frm.ignore_warning = false;
				}
			},
		});
	}

	function try_path(frm) {
		const dialog = new frappe.ui.Dialog({
			title: __("Try the path"),
			size: "extra-large",
			fields: [
				{ fieldname: "role", fieldtype: "Select", label: __("As the role"), options: [], change: () => show() },
				{ fieldtype: "Column Break" },
				{ fieldname: "state", fieldtype: "Select", label: __("From the state"), options: [], change: () => show() },
				{ fieldtype: "Column Break" },
				{
					fieldname: "record",
					fieldtype: "Link",
					options: frm.doc.document_type,
					label: __("On the record"),
					description: __("Optional: whether conditions hold on it, and which reviews it lacks."),
					change: () => show(),
				},
				{ fieldtype: "Section Break" },
				{ fieldname: "result", fieldtype: "HTML" },
			],
		});
		let asked = 0;
		const show = async () => {
			const number = ++asked;
			const { role, state } = dialog.get_values(true) || {};
			const record = dialog.fields_dict.record.value; // what is shown of it is fetched behind this
			const $result = dialog.fields_dict.result.$wrapper;
			try {
				const found = await ask("try_path", { doc: frm.doc, role: role || null, record: record || null });
				if (number !== asked) return;
				const states = found.states.map((row) => ({ value: row.state, label: row.label }));
				const choose = (field, first, rows) => {
					const options = [{ value: "", label: first }, ...rows];
					if (JSON.stringify(dialog.fields_dict[field].df.options) === JSON.stringify(options)) return;
					dialog.set_df_property(field, "options", options);
				};
				choose("role", __("every role"), found.roles);
				choose("state", __("every state"), states);
				$result.html(table(found, state));
			} catch (error) {
				if (number === asked) $result.html(`<p class="text-muted">${__("The path could not be tried.")}</p>`);
			}
		};
		dialog.show();
		show();
	}

	function table(found, state) {
		const rows = found.states.filter((row) => !state || row.state === state);
		return `<div class="ops-path" role="status">${rows.map((row) => one_state(row, found.at)).join("")}</div>`;
	}

	function one_state(row, at) {
		const stands = row.phase ? __("Phase: {0}", [esc(row.phase)]) : esc(row.sets) || __("keeps what it is");
		const here = row.state === at ? ` <span class="indicator-pill blue">${__("the record is here")}</span>` : "";
		const lost = row.reached ? "" : `<p class="text-danger small">${__("No step leads here.")}</p>`;
		const steps = row.steps.length
			? `<ul>${row.steps.map(one_step).join("")}</ul>`
			: `<p class="text-muted small">${__("No step leads on from here for this role.")}</p>`;
		return `<section><h6>${esc(row.label)} <span class="text-muted">${stands}</span>${here}</h6>${lost}${steps}</section>`;
	}

	function one_step(step) {
		const to = `<b>${esc(step.action)}</b> → ${esc(step.to)}${step.to_phase ? ` <span class="text-muted">(${esc(step.to_phase)})</span>` : ""}`;
		const notes = [
			__("by {0}", [esc(step.role)]),
			step.condition && `${__("only if")} <code class="text-wrap">${esc(step.condition)}</code>`,
			step.needs.length && __("needs first: {0}", [esc(step.needs.join("; "))]),
		].filter(Boolean);
		const refused = step.refused.map((text) => `<div class="text-danger small">${__("Refused:")} ${esc(text)}</div>`).join("");
		return `<li>${to} <span class="text-muted small">${notes.join(" · ")}</span>${refused}</li>`;
	}
});
