{% include "ops_delivery/public/js/configuration/helpers.js" %}

// A source: its token, shown once, and a place to try what a machine would send.
(() => {
	const { esc } = ops_delivery;
	const word = (text) => __(text, null, "Monitoring Source");
	const API = "ops_delivery.api.monitoring";
	const KINDS = ["Readings (JSON)", "Readings (CSV)", "Alerts"];
	const COLOURS = { kept: "green", opened: "orange", "opened again": "orange", resolved: "green", refused: "red" };

	frappe.ui.form.on("Monitoring Source", {
		setup(frm) {
			const own = (doc) => ops_delivery.of_customer(doc.customer, { enabled: 1 });
			frm.set_query("service_object", "objects", own);
			frm.set_query("default_object", own);
			frm.set_query("keeper", () => ({ filters: { user_type: "System User", enabled: 1 } }));
			frm.set_query("manual", (doc) => ops_delivery.manuals_of(doc.customer));
		},

		refresh(frm) {
			ops_delivery.configuration.set_time_zones(frm, "time_zone");
			offer_steps(frm);
			show_trial(frm);
			if (!frm.is_new()) frm.page.set_indicator(...indicator(frm.doc));
			if (!frm.is_new() && frm.perm[0]?.write) frm.add_custom_button(__("New token"), () => ask_token(frm));
		},

		manual: (frm) => offer_steps(frm),
	});

	const indicator = (doc) => {
		if (!doc.enabled) return [word("Switched off"), "gray"];
		if (!doc.token_hint) return [word("Without a token"), "orange"];
		if (doc.silent_since) return [word("Silent"), "red"];
		return doc.last_heard_on ? [word("Heard from"), "green"] : [word("Not heard from yet"), "blue"];
	};

	/** The table of metrics offers the steps of the manual. */
	async function offer_steps(frm) {
		const steps = frm.doc.manual ? await ops_delivery.load(`${API}.steps`, { manual: frm.doc.manual }) : [];
		frm.ops_steps = steps;
		frm.get_field("metrics").grid.update_docfield_property("step", "options", steps);
	}

	function ask_token(frm) {
		if (frm.is_dirty()) {
			frappe.msgprint(__("Save first."));
			return;
		}
		const make = async () => show_token(frm, await frappe.xcall(`${API}.new_token`, { name: frm.doc.name }));
		if (frm.doc.token_hint)
			frappe.confirm(__("The token in use, which ends with {0}, stops at once. Make a new one?", [esc(frm.doc.token_hint)]), make);
		else make();
	}

	/** Shown now and never again. */
	function show_token(frm, token) {
		const dialog = new frappe.ui.Dialog({
			title: __("New token"),
			fields: [{ fieldtype: "HTML", fieldname: "token" }],
			primary_action_label: __("Copy and close"),
			primary_action() {
				frappe.utils.copy_to_clipboard(token);
				dialog.hide();
			},
			on_hide: () => frm.reload_doc(),
		});
		dialog.fields_dict.token.$wrapper.html(
			`<p>${__("Copy it into the machine's settings now. It is shown this once; only its last four characters stay to be seen.")}</p>
			<pre class="ops-token" style="white-space: pre-wrap; word-break: break-all">${esc(token)}</pre>`
		);
		dialog.show();
	}

	function example(frm, kind) {
		const thing = frm.doc.objects?.[0]?.object_name || word("Name of an object");
		const metric = frm.doc.metrics?.[0]?.metric || frm.ops_steps?.[0] || word("Name of a step");
		const now = moment().subtract(1, "minute").seconds(0).format("YYYY-MM-DDTHH:mm:ssZ");
		if (kind === KINDS[0])
			return JSON.stringify({ readings: [{ object: thing, metric, value: 21.5, unit: "", time: now }] }, null, 2);
		if (kind === KINDS[1]) return `object,metric,value,unit,time\n"${thing}","${metric}",21.5,,${now}`;
		const labels = { alertname: "HighTemperature", [frm.doc.severity_label || "severity"]: "critical" };
		labels[frm.doc.object_label || "instance"] = thing;
		const alert = { status: "firing", labels, annotations: { summary: "Temperature too high" }, startsAt: now };
		return JSON.stringify({ version: "4", alerts: [alert] }, null, 2);
	}

	function show_trial(frm) {
		const $box = frm.get_field("trial").$wrapper;
		const address = (kind) => `${window.location.origin}/api/method/${API}.${kind}`;
		const places = [
			[__("Readings", null, "Monitoring Source"), address("readings")],
			[__("Alerts"), address("alerts")],
			[__("Header", null, "Monitoring Source"), `Authorization: Bearer ${__("TOKEN")}`],
		];
		$box.html(
			`<dl>${places
				.map(([name, text]) => `<dt class="text-muted">${name}</dt><dd><code style="word-break: break-all">${esc(text)}</code></dd>`)
				.join("")}</dl>
			${frm.is_new() || !frm.perm[0]?.write ? "" : form_of_trial()}`
		);
		const $text = $box.find("textarea");
		const fill = () => $text.val(example(frm, $box.find("select").val()));
		fill();
		$box.find("select").on("change", fill);
		$box.find("button").on("click", () => try_message(frm, $box));
	}

	const form_of_trial = () =>
		`<p class="text-muted">${__("Try a message: you see what it would do, and nothing is done. The source counts as it is saved.")}</p>
		<div class="form-group"><select class="form-control" aria-label="${esc(__("Kind of message"))}">${KINDS.map(
			(kind) => `<option value="${kind}">${word(kind)}</option>`
		).join("")}</select></div>
		<div class="form-group"><textarea class="form-control" rows="9" spellcheck="false" aria-label="${esc(__("Message", null, "Monitoring Source"))}"
			style="font-family: monospace; font-size: 12px"></textarea></div>
		<button type="button" class="btn btn-default btn-sm">${__("Try this message")}</button>
		<div class="ops-tried" style="margin-top: 12px" aria-live="polite"></div>`;

	async function try_message(frm, $box) {
		const kind = $box.find("select").val();
		const said = await frappe.xcall(`${API}.try_message`, {
			name: frm.doc.name,
			kind: kind === KINDS[2] ? "alerts" : "readings",
			text: $box.find("textarea").val(),
			is_csv: kind === KINDS[1] ? 1 : 0,
		});
		$box.find(".ops-tried").html(said.text ? `<p class="text-danger">${esc(said.text)} (${said.status})</p>` : lines_of(said.answer));
	}

	const pill = (text, colour) => ops_delivery.pill(word(text), colour, "");

	const lines_of = (answer) =>
		`<table class="table table-sm"><thead><tr><th class="text-nowrap">${__("Line")}</th><th class="text-nowrap">${__("Would be")}</th><th></th></tr></thead><tbody>${answer.answers
			.map((line) => {
				const more = [
					line.state && `<span class="indicator-pill ${ops_delivery.colour("Routine Reading", line.state)}">${esc(__(line.state, null, "Routine Reading"))}</span>`,
					line.title && esc(line.title),
					line.object_name && esc(line.object_name),
					line.urgency && `${__("Urgency")}: ${esc(__(line.urgency))}`,
					line.issue && `<a href="${frappe.utils.get_form_link("Issue", line.issue)}">${esc(line.issue)}</a>`,
					line.message && esc(line.message),
				].filter(Boolean);
				return `<tr><td>${line.line}</td><td class="text-nowrap">${pill(line.result, COLOURS[line.result])}</td><td>${more.join(" · ")}</td></tr>`;
			})
			.join("")}</tbody></table>`;
})();
