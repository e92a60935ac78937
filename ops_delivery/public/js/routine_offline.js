// Readings where there is no connection: the sheet of a task stays on the device, what is entered is kept there and sent later. The
// server judges it then; until that it is only kept.
frappe.provide("ops_delivery.routine");

ops_delivery.once("routine_offline.js", () => {
	const SHEETS = "ops_delivery_routine_sheets";
	const READINGS = "ops_delivery_routine_readings";
	const MOST_SHEETS = 8;
	const AGAIN_AFTER = 15000;
	const R = ops_delivery.routine;

	const { read, write } = ops_delivery.device;
	const key_of = (name) => `${frappe.session.user}|${name}`;
	/** As the server takes it: with how long ago it was entered, for its clock decides. */
	const as_sent = ({ tapped, label: _label, ...row }) => ({ ...row, waited: Math.max(0, Math.round((Date.now() - tapped) / 1000)) });
	const place = (row) => `${row.service_object}/${row.step_key}`;

	/** The sheet of a task from the server; without a connection the one that was kept. Rejects where there is none. */
	R.sheet_of = async (name) => {
		try {
			const sheet = await ops_delivery.server.post("routine.task_sheet", { name });
			const all = read(SHEETS);
			all[key_of(name)] = { at: Date.now(), sheet };
			// of nobody else who used this device before
			const kept = Object.entries(all).filter(([key]) => key.startsWith(`${frappe.session.user}|`)).sort((a, b) => b[1].at - a[1].at);
			write(SHEETS, Object.fromEntries(kept.slice(0, MOST_SHEETS)));
			return sheet;
		} catch (error) {
			const kept = error instanceof ops_delivery.server.Offline && read(SHEETS)[key_of(name)];
			if (kept) return kept.sheet;
			if (error instanceof ops_delivery.server.Refused) frappe.msgprint({ message: error.message, indicator: "red" });
			throw error;
		}
	};

	/** What was entered for a task and the server has not heard: rows by place. */
	R.kept_rows = (name) => read(READINGS)[key_of(name)] || {};

	const keep = (name, rows) => {
		const all = read(READINGS);
		const mine = (all[key_of(name)] ||= {});
		for (const row of rows) mine[place(row)] = row;
		return write(READINGS, all);
	};

	/** They are told: these, or older ones of the same places. */
	const drop = (name, rows) => {
		const all = read(READINGS);
		const mine = all[key_of(name)] || {};
		for (const row of rows) if (mine[place(row)]?.tapped <= row.tapped) delete mine[place(row)];
		if (!Object.keys(mine).length) delete all[key_of(name)];
		write(READINGS, all);
	};

	/** Send readings; {kept_here: true} where there is no connection and they are kept. What the server refuses is shown, and rejects. */
	R.post_rows = async (name, given) => {
		const rows = given.map((row) => ({ ...row, tapped: Date.now() }));
		try {
			const answer = await ops_delivery.server.post("routine.save_readings", { name, rows: rows.map(as_sent) });
			drop(name, rows);
			return answer;
		} catch (error) {
			if (error instanceof ops_delivery.server.Offline && keep(name, rows)) return { kept_here: true };
			frappe.msgprint({
				message: error instanceof ops_delivery.server.Refused ? error.message : __("There is no connection. What you entered stays here; try again in a moment."),
				indicator: "orange",
			});
			throw error;
		}
	};

	let sending = false;
	/** Send what is kept, task by task; the form that is open is drawn anew. */
	const later = async () => {
		if (sending) return;
		sending = true;
		try {
			for (const [key, rows] of Object.entries(read(READINGS))) {
				const [user, name] = key.split("|");
				if (user !== frappe.session.user) continue;
				const sent = Object.values(rows);
				let answer;
				try {
					answer = await ops_delivery.server.post("routine.save_readings", { name, rows: sent.map(as_sent) });
				} catch (error) {
					if (error instanceof ops_delivery.server.Offline) return;
					await refused(name, sent, error.message);
					continue;
				}
				drop(name, sent);
				const wrong = answer.answers.filter((row) => !row.ok);
				if (wrong.length) frappe.msgprint({ title: __("Told later, and refused"), message: wrong.map((row) => row.message).join("<br>"), indicator: "red" });
				if (cur_frm?.doctype === "Routine Task" && cur_frm.doc.name === name) cur_frm.reload_doc();
			}
		} finally {
			sending = false;
		}
	};

	/** The server refuses all of it: said once, with the values, so that they are not lost without a word. */
	const refused = async (name, rows, words) => {
		drop(name, rows);
		const values = rows.map((row) => frappe.utils.escape_html(`${row.label || row.step_key}: ${row.value} ${row.note || ""}`)).join("<br>");
		frappe.msgprint({ title: __("Told later, and refused"), message: `${words}<hr>${frappe.utils.escape_html(name)}<br>${values}`, indicator: "red" });
	};

	window.addEventListener("online", later);
	window.setInterval(later, AGAIN_AFTER);
	window.setTimeout(later, 500); // what was kept before the page was loaded anew
});
