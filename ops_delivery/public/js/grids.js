// What Frappe's grids and time fields let through: rows that nobody filled in, and times that cannot be read.
(() => {
	const TIMES = { "Service Agreement Target": "target", "Clock Definition": "own_target" };

	/** Whether a new row holds nothing but what it came with. */
	const is_untouched = (row) =>
		row.__islocal &&
		frappe.get_meta(row.doctype).fields.every(({ fieldname, fieldtype, options, default: given }) => {
			const value = row[fieldname];
			if (frappe.model.no_value_type.includes(fieldtype) || !value) return true;
			const first = fieldtype === "Select" ? (options || "").split("\n").find(Boolean) : null;
			return [given, first].some((text) => text != null && String(text) === String(value));
		});

	// Tab in the last cell adds a row. By its defaults it is not empty, asks for the rest, and no form with it can be saved.
	const drop_untouched = (frm) => {
		for (const { fieldname, reqd } of frm.meta.fields.filter(({ fieldtype }) => fieldtype === "Table")) {
			const rows = frm.doc[fieldname] || [];
			const untouched = rows.filter((row) => row.__unedited && is_untouched(row));
			if (!untouched.length || (reqd && untouched.length === rows.length)) continue;
			untouched.forEach((row) => frappe.model.clear_doc(row.doctype, row.name));
			frm.refresh_field(fieldname);
		}
	};

	/** A time typed in words becomes seconds, as in the table of targets; what cannot be read leaves what stood there. */
	const known = {};
	const read_time = (field) => (frm, doctype, name) => {
		const key = `${doctype}|${name}`;
		const value = locals[doctype][name][field];
		if (typeof value !== "string" || !value) {
			known[key] = value;
			return;
		}
		const seconds = ops_delivery.parse_duration(value);
		if (seconds === null) {
			frappe.show_alert({
				message: __("These times cannot be read: {0}. Write them like 30m, 4h or 2h 30m.", [frappe.utils.escape_html(value)]),
				indicator: "orange",
			});
		}
		return frappe.model.set_value(doctype, name, field, seconds ?? known[key] ?? 0);
	};
	const keep_times = (frm) => {
		const rows = [frm.doc, ...(frm.doc.targets || [])];
		for (const row of rows) if (TIMES[row.doctype]) known[`${row.doctype}|${row.name}`] = row[TIMES[row.doctype]];
	};

	for (const [doctype, field] of Object.entries(TIMES)) frappe.ui.form.on(doctype, { [field]: read_time(field) });
	for (const doctype of ["Service Agreement", "Service Agreement Template", "Clock Definition"])
		frappe.ui.form.on(doctype, { refresh: keep_times });
	for (const doctype of frappe.boot.ops_delivery.forms) frappe.ui.form.on(doctype, { validate: drop_untouched });
})();
