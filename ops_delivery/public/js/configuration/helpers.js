// What the configuration forms share. Included by the forms of our own DocTypes.
frappe.provide("ops_delivery.configuration");

Object.assign(ops_delivery.configuration, {
	// Resolves with the answer; rejects with the server's message as HTML, without a pop-up.
	ask(method, args) {
		return new Promise((resolve, reject) => {
			frappe.call({
				method: `ops_delivery.api.${method}`,
				args,
				silent: true,
				callback: (r) => resolve(r.message),
				error: (r) => reject(ops_delivery.configuration.message_of(r)),
			});
		});
	},

	message_of(r) {
		try {
			return JSON.parse(r._server_messages)
				.map((text) => JSON.parse(text).message)
				.join("<br>");
		} catch {
			return __("The server did not answer as expected. Reload the page and try again.");
		}
	},

	// A dialog that tries the rule of a form on a record; nothing is changed. `method` answers for the rule as it stands there.
	try_on(frm, doctype, method) {
		const { problem } = ops_delivery.configuration;
		const dialog = new frappe.ui.Dialog({
			title: __("Try on a record"),
			fields: [
				{
					fieldname: "record",
					fieldtype: "Link",
					options: doctype,
					label: __(doctype),
					reqd: 1,
					description: __("The rule as it stands in the form, also unsaved; nothing is changed."),
				},
				{ fieldname: "result", fieldtype: "HTML" },
			],
			primary_action_label: __("Try"),
			primary_action: async ({ record }) => {
				const $result = dialog.get_field("result").$wrapper;
				try {
					const facts = await frappe.xcall(method, { rule: frm.doc, name: record });
					$result.html(frm.events.result(frm, facts));
				} catch (message) {
					$result.html(problem(message));
				}
			},
		});
		dialog.show();
	},

	failed_condition: (error) =>
		`<p><span class="indicator-pill red">${__("The condition fails")}</span> <code class="text-wrap">${ops_delivery.configuration.escape(
			error
		)}</code></p>`,

	// Below each condition: on how many of the last records it can be evaluated, and holds.
	async on_the_last(frm) {
		if (frm.is_new() || !frm.perm[0]?.write) return;
		const { ask, escape } = ops_delivery.configuration;
		const found = await ask("definitions.on_the_last", { doctype: frm.doctype, doc: frm.doc }).catch(() => null);
		for (const [fieldname, row] of Object.entries(found?.conditions || {})) {
			const lines = [];
			if (found.records) {
				lines.push(
					__("Valid on {0} of the last {1} records, holds on {2}.", [row.valid, found.records, row.holds])
				);
			}
			if (row.first) lines.push(`${__("Fails on {0}:", [escape(row.first)])} ${escape(row.why)}`);
			const $field = frm.fields_dict[fieldname].$wrapper;
			$field.find(".ops-on-the-last").remove();
			if (lines.length) {
				const tone = row.first ? "text-danger" : "text-muted";
				$field.append(`<p class="ops-on-the-last small ${tone}" role="status">${lines.join(" ")}</p>`);
			}
		}
	},

	/** A form whose tick Enabled is taken away is saved when what that means has been read. */
	async before_switching_off(frm) {
		if (frm.is_new() || frm.doc.enabled || !frm.ops_was_enabled) return;
		const { ask, escape } = ops_delivery.configuration;
		const lines = await ask("configuration.switch_off_preview", { doctype: frm.doctype, name: frm.doc.name });
		if (!lines.length) return;
		const list = lines.map((line) => `<li>${escape(line)}</li>`).join("");
		await new Promise((resolve) =>
			frappe.confirm(`<p>${__("Switching this off means:")}</p><ul>${list}</ul>`, resolve, () => {
				frappe.validated = false;
				resolve();
			})
		);
	},

	/** A rule that running clocks follow is saved when the person has seen what moves and said from when and why. */
	async before_rule_change(frm) {
		Object.assign(frm.doc, { change_from: null, change_reason: null, change_date: undefined }); // of a save that failed
		if (frm.is_new() || !frappe.validated) return;
		const { ask } = ops_delivery.configuration;
		const preview = (day) => ask("configuration.rule_change", { doctype: frm.doctype, doc: frm.doc, day });
		const found = await preview().catch(() => null); // what cannot be saved is refused by the save itself
		if (!found?.needed) return;
		await new Promise((resolve) => new ops_delivery.configuration.ChangeDialog({ frm, found, preview, resolve }));
	},

	// 27000 → "7 h 30 min"
	hours(seconds) {
		const minutes = Math.round(seconds / 60);
		const parts = [];
		if (minutes >= 60) {
			parts.push(__("{0} h", [Math.floor(minutes / 60).toLocaleString(frappe.boot.lang || "en")], "Ops Delivery"));
		}
		if (minutes % 60 || !minutes) {
			parts.push(__("{0} min", [minutes % 60]));
		}
		return parts.join(" ");
	},

	// "2026-10-10" → the reader's date, with the weekday
	day(iso, weekday) {
		return `${frappe.datetime.str_to_user(iso)} ${weekday ? __(weekday) : ""}`.trim();
	},

	problem(html) {
		return `<div class="ops-objection">${frappe.utils.icon("solid-warning", "sm")} <span>${html}</span></div>`;
	},

	escape: (text) => frappe.utils.escape_html(text == null ? "" : String(text)),

	async set_time_zones(frm, fieldname) {
		if (!frm.fields_dict[fieldname] || frm.is_read_only?.()) return;
		const store = ops_delivery.configuration;
		store.zones ||= store.ask("configuration.time_zones", {}).catch(() => []);
		const zones = await store.zones;
		if (zones.length) frm.fields_dict[fieldname].set_data(zones);
	},
});
