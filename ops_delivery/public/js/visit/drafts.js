// What was typed and the server does not have yet stays on the device: texts of the checklist, of a dialog, of the form.
// It is there again after the page was loaded anew, until it was saved, told later (outbox), or thrown away.
frappe.provide("ops_delivery.visit");

ops_delivery.once("visit/drafts.js", () => {
	const V = ops_delivery.visit;
	const DRAFTS = "ops_delivery_visit_drafts";
	const FACTS = "ops_delivery_visit_seen"; // another name whenever the panel comes to need other facts
	const KEEP_DAYS = 14;
	const KEEP_FACTS = 8;
	const TYPED = ["Data", "Small Text", "Text", "Text Editor", "Long Text", "Phone", "Int", "Float", "Select", "Date", "Datetime", "Link", "Check"];

	const { read, write } = ops_delivery.device;
	const key_of = (frm) => `${frappe.session.user}|${frm.doctype}|${frm.doc.name}`;

	/** The texts of one part ("rows", "fields", a dialog) that are kept of a form: {} where there are none. */
	V.drafts = (frm, part) => read(DRAFTS)[key_of(frm)]?.[part] || {};

	V.keep_draft = (frm, part, name, value) => {
		const all = read(DRAFTS);
		const old = Date.now() - KEEP_DAYS * 86400000;
		for (const key of Object.keys(all)) if (all[key].at < old) delete all[key];
		const mine = (all[key_of(frm)] ||= {});
		mine.at = Date.now();
		(mine[part] ||= {})[name] = value;
		write(DRAFTS, all);
	};

	V.drop_draft = (frm, part, name) => {
		const all = read(DRAFTS);
		const mine = all[key_of(frm)];
		if (!mine?.[part]) return;
		if (name) delete mine[part][name];
		if (!name || !Object.keys(mine[part]).length) delete mine[part];
		if (!Object.keys(mine).some((key) => key !== "at")) delete all[key_of(frm)];
		write(DRAFTS, all);
	};

	// The checklist

	/** Put the kept texts where they were typed. Returns how many there are. */
	V.restore_rows = (frm, $box) => {
		let count = 0;
		for (const [name, value] of Object.entries(V.drafts(frm, "rows"))) {
			const [row, kind] = name.split(":");
			const $text = $box.find(`[data-row="${CSS.escape(row)}"] [data-${kind}]`);
			if (!$text.length || $text.val() === value) {
				V.drop_draft(frm, "rows", name);
				continue;
			}
			$text.val(value).prop("hidden", false).addClass("ops-draft");
			count += 1;
		}
		return count;
	};

	/** Answers that wait for the connection, as if the server had them already. */
	V.as_answered = (facts, name) => {
		const waiting = V.waiting(name).filter((row) => row.method === "answer");
		if (!waiting.length) return facts;
		const given = {};
		for (const { args } of waiting) {
			given[args.row] = { ...given[args.row], ...("answer" in args && { answer: args.answer }), ...("remark" in args && { remark: args.remark }) };
		}
		const stages = facts.stages.map((stage) => ({
			...stage,
			points: stage.points.map((point) => ({ ...point, ...given[point.name] })),
		}));
		return { ...facts, stages };
	};

	// Dialogs

	/** Fill a dialog with what was typed in it before, and keep what is typed from now on. */
	V.draft_dialog = (frm, dialog, part) => {
		const fields = dialog.fields.filter((field) => field.fieldname && TYPED.includes(field.fieldtype));
		for (const [name, value] of Object.entries(V.drafts(frm, part))) {
			if (fields.some((field) => field.fieldname === name)) dialog.set_value(name, value);
		}
		dialog.$wrapper.on("input change", "[data-fieldname]", (event) => {
			const name = $(event.target).closest(".frappe-control").data("fieldname");
			const field = fields.find((other) => other.fieldname === name);
			if (!field) return;
			const value = field.fieldtype === "Check" ? (event.target.checked ? 1 : 0) : event.target.value;
			V.keep_draft(frm, part, name, value);
		});
	};

	// The form itself

	const plain = (frm) => frm.meta.fields.filter((field) => TYPED.includes(field.fieldtype) && !field.read_only && !field.hidden);
	const tables = (frm) => frm.meta.fields.filter((field) => field.fieldtype === "Table" && !field.read_only && field.fieldname !== "answers");
	const bare = (row) => Object.fromEntries(Object.entries(row).filter(([key, value]) => !key.startsWith("__") && !["modified", "modified_by", "creation", "owner", "docstatus", "parent", "parentfield", "parenttype"].includes(key) && typeof value !== "object"));

	/** Keep what differs from what was saved. */
	const keep_form = (frm) => {
		if (frm.is_new() || !frm.ops_saved || frm.ops_saved.name !== frm.doc.name) return;
		V.drop_draft(frm, "fields");
		if (!frm.is_dirty()) return;
		for (const { fieldname } of plain(frm)) {
			if ((frm.doc[fieldname] ?? "") !== (frm.ops_saved[fieldname] ?? "")) V.keep_draft(frm, "fields", fieldname, frm.doc[fieldname] ?? "");
		}
		for (const { fieldname } of tables(frm)) {
			const rows = (frm.doc[fieldname] || []).map(bare);
			if (JSON.stringify(rows) !== JSON.stringify((frm.ops_saved[fieldname] || []).map(bare))) V.keep_draft(frm, "fields", fieldname, rows);
		}
	};

	const put_back = async (frm) => {
		for (const [name, value] of Object.entries(V.drafts(frm, "fields"))) {
			if (!Array.isArray(value)) {
				await frm.set_value(name, value);
				continue;
			}
			for (const row of value) {
				const there = (frm.doc[name] || []).find((other) => other.name === row.name);
				const { name: _name, idx: _idx, ...values } = row;
				if (there) await frappe.model.set_value(there.doctype, there.name, values);
				else frm.add_child(name, values);
			}
			frm.refresh_field(name);
		}
		frm.dirty();
	};

	/** What stands above the stages when something typed was not saved. */
	V.draft_bar = (frm, rows) => {
		const fields = frm.is_dirty() ? 0 : Object.keys(V.drafts(frm, "fields")).length;
		if (!fields && !rows) return "";
		return `<div class="ops-visit"><div class="ops-visit-offline ops-drafted" role="status"><span>${__("Typed on this device and not saved yet: {0}", [fields + rows])}</span><span class="ops-quiet">
			<button type="button" class="btn btn-default ops-tap" data-drafts="take">${fields ? __("Put it back") : __("Save it")}</button>
			<button type="button" class="btn btn-default ops-tap" data-drafts="drop">${__("Throw it away")}</button></span></div></div>`;
	};

	V.use_drafts = async (frm, take, answer) => {
		if (take) {
			for (const [name, value] of Object.entries(V.drafts(frm, "rows"))) {
				const [row, kind] = name.split(":");
				await answer(row, { [kind === "text" ? "answer" : "remark"]: value });
			}
			await put_back(frm);
		}
		V.drop_draft(frm, "rows");
		if (!take) V.drop_draft(frm, "fields");
		V.draw(frm);
	};

	V.watch_form = (frm) => {
		if (frm.is_new()) return;
		if (!frm.is_dirty()) frm.ops_saved = JSON.parse(JSON.stringify(frm.doc));
		if (frm.ops_watched) return;
		frm.ops_watched = true;
		const later = frappe.utils.debounce(() => keep_form(frm), 400);
		$(frm.wrapper).on("dirty", later);
		// a text is the form's own only when one leaves its field
		$(frm.wrapper).on("input", "[data-fieldname] input, [data-fieldname] textarea", (event) => {
			const $control = $(event.target).closest(".frappe-control");
			const name = $control.data("fieldname");
			if (frm.is_new() || $(event.target).closest(".form-grid, .ops-visit").length) return;
			if (plain(frm).some((field) => field.fieldname === name && ["Data", "Small Text", "Text"].includes(field.fieldtype))) {
				V.keep_draft(frm, "fields", name, event.target.value);
			}
		});
	};

	V.form_saved = (frm) => V.drop_draft(frm, "fields");

	// What the panel showed last, for where there is no connection

	V.keep_facts = (name, facts) => {
		const all = read(FACTS);
		all[name] = { at: Date.now(), user: frappe.session.user, facts };
		// of nobody else who used this device before
		const kept = Object.entries(all).filter(([, row]) => row.user === frappe.session.user).sort((a, b) => b[1].at - a[1].at).slice(0, KEEP_FACTS);
		write(FACTS, Object.fromEntries(kept));
	};

	V.kept_facts = (name) => {
		const row = read(FACTS)[name];
		return row && row.user === frappe.session.user ? row.facts : null;
	};

	/** Have the panel of a visit ready before somebody goes where there is no connection. */
	V.keep_ahead = (doctype, name) => V.look("situation", { doctype, name }).then((facts) => V.keep_facts(name, facts), () => {});
});
