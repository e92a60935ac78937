{% include "ops_delivery/public/js/configuration/ready_made.js" %}

const SWITCHES = ["issue_rule", "messages_for", "portal_for"];

frappe.ui.form.on("Ops Delivery Settings", {
	setup(frm) {
		frm.set_query("visit_warehouse", () => ({ filters: { is_group: 0, disabled: 0 } }));
		frm.ops_look = frappe.utils.debounce(() => show_switches(frm), 300);
	},
	refresh(frm) {
		show_switches(frm);
		show_health(frm);
		offer_customer_fields(frm);
		if (frappe.user.has_role("System Manager")) {
			frm.add_custom_button(__("Ready-made configurations"), () => ops_delivery.configuration.ready_made());
		}
	},
	switch_groups_add: (frm) => frm.ops_look(),
	switch_groups_remove: (frm) => frm.ops_look(),
	...Object.fromEntries(SWITCHES.map((field) => [field, (frm) => frm.ops_look()])),
	/** Saving goes on when the administrator has read what it switches. */
	async before_save(frm) {
		const found = await ask_switches(frm);
		if (!found.changes) return;
		await new Promise((resolve) =>
			frappe.confirm(`<p>${__("Saving switches this:")}</p>${as_list(found.lines)}`, resolve, () => {
				frappe.validated = false;
				resolve();
			})
		);
	},
});

frappe.ui.form.on("Customer Group Switch", {
	customer_group: (frm) => frm.ops_look(),
	rule: (frm) => frm.ops_look(),
	messages: (frm) => frm.ops_look(),
	portal: (frm) => frm.ops_look(),
	switch_groups_remove: (frm) => frm.ops_look(),
});

const ASKED_KINDS = ["Data", "Small Text", "Text", "Long Text", "Select", "Link", "Check", "Int", "Float", "Date", "Datetime", "Time"];

/** The administrator's own fields of Issue, for the list of those that customers are asked for; the server decides. */
function offer_customer_fields(frm) {
	frappe.model.with_doctype("Issue", () => {
		const own = frappe
			.get_meta("Issue")
			.fields.filter((df) => df.is_custom_field && !df.fieldname.startsWith("ops_") && ASKED_KINDS.includes(df.fieldtype))
			.filter((df) => !df.read_only && !df.hidden && !df.permlevel)
			.map((df) => ({ value: df.fieldname, label: __(df.label || df.fieldname, null, "Issue"), description: df.fieldname }));
		const grid = frm.fields_dict.customer_fields.grid;
		frappe.meta.get_docfield(grid.doctype, "issue_field", frm.docname).options = own; // of rows that are not drawn yet
		if (grid.docfields) grid.update_docfield_property("issue_field", "options", own);
	});
}

const ask_switches = (frm) =>
	frappe.xcall("ops_delivery.api.configuration.switches_preview", { doc: frm.doc });

const as_list = (lines) =>
	`<ul>${lines.map((line) => `<li>${frappe.utils.escape_html(line)}</li>`).join("")}</ul>`;

/** What the choices mean, below them, as they are changed. */
function show_switches(frm) {
	const $wrapper = frm.fields_dict.switch_preview.$wrapper;
	const asked = (frm.ops_asked = (frm.ops_asked || 0) + 1);
	ask_switches(frm)
		.then((found) => {
			if (asked !== frm.ops_asked) return; // a later change is under way
			const title = found.changes ? __("When you save this:") : __("As it is now:");
			$wrapper.html(`<div role="status" class="ops-switches"><p><b>${title}</b></p>${as_list(found.lines)}</div>`);
		})
		.catch(() =>
			$wrapper.html(`<p class="text-muted">${__("What this means could not be counted.")}</p>`)
		);
}

function show_health(frm) {
	const $wrapper = frm.fields_dict.health.$wrapper;
	frappe
		.xcall("ops_delivery.api.health.status")
		.then((health) => {
			const { esc } = ops_delivery;
			const last = health.last_sweep
				? ops_delivery.moment(health.last_sweep)
				: __("not since the cache was cleared");
			const facts = [
				[__("Last sweep"), esc(last)],
				[__("Oldest due trigger waits"), ops_delivery.duration(health.lag_seconds)],
				[__("Triggers due now"), health.pending_due],
				[__("Triggers set aside"), link("Service Clock Trigger", health.failed_triggers)],
				[__("Notices not sent"), link("Service Notice", health.failed_notices)],
				[__("of these, kept back by the mail server"), health.failed_mails],
			];
			const verdict = health.ok
				? `<p><span class="indicator-pill green">${__("The engine keeps up")}</span></p>`
				: `<p><span class="indicator-pill red">${__("The engine needs attention")}</span></p>
					<ul>${health.messages.map((message) => `<li>${esc(message)}</li>`).join("")}</ul>`;
			const advice = health.advice.map((text) => `<p class="text-muted">${esc(text)}</p>`).join("");
			$wrapper.html(
				`<div role="status">${verdict}${advice}<dl class="ops-facts">${facts
					.map(([label, value]) => `<div><dt>${label}</dt><dd>${value}</dd></div>`)
					.join("")}</dl>
				${laid_rules(health.laid)}${offered_parts(health.offered)}
				<button type="button" class="btn btn-xs btn-default" data-again>${__("Look again")}</button></div>`
			);
			$wrapper.find("[data-again]").on("click", () => show_health(frm));
			$wrapper.find("[data-offered]").on("click", (event) => answer_offer(frm, event.currentTarget));
			if (ops_delivery.to_health) $wrapper.css("scroll-margin-top", "140px")[0].scrollIntoView(); // below the page's head
			ops_delivery.to_health = false;
		})
		.catch(() => $wrapper.html(`<p class="text-muted">${__("The health of the engine could not be read.")}</p>`));
}

/** Which of the host's records our roles were given rules for, folded away: an administrator looks for them in the Role Permissions Manager. */
function laid_rules(laid) {
	const { esc } = ops_delivery;
	const rows = Object.entries(laid || {}).map(
		([doctype, roles]) => `<li>${esc(__(doctype))}: ${esc(roles.map((role) => __(role)).join(", "))}</li>`
	);
	const summary = rows.length
		? __("Permission rules that our roles have over those of Frappe and ERPNext: {0} document types", [rows.length])
		: __("No permission rule of Frappe or ERPNext stands behind one of ours.");
	return rows.length
		? `<details><summary>${summary}</summary><ul>${rows.join("")}</ul></details>`
		: `<p class="text-muted">${summary}</p>`;
}

/** What an update has for the workspace, where an administrator edited it and it was therefore left alone. */
function offered_parts(labels) {
	if (!labels?.length) return "";
	const { esc } = ops_delivery;
	return `<p>${__("The workspace was edited here, so updates leave it as it is. They have for it: {0}", [esc(labels.join(", "))])}</p>
		<p><button type="button" class="btn btn-xs btn-default" data-offered="add_offered_parts">${__("Add them")}</button>
		<button type="button" class="btn btn-xs btn-default" data-offered="refuse_offered_parts">${__("Not wanted")}</button></p>`;
}

async function answer_offer(frm, button) {
	button.disabled = true; // a second click is no second answer
	try {
		await frappe.xcall(`ops_delivery.api.configuration.${button.dataset.offered}`);
		show_health(frm);
	} finally {
		button.disabled = false;
	}
}

function link(doctype, count) {
	if (!count) return 0;
	const route = frappe.router.slug(doctype);
	const base = frappe.router.doctype_layout ? "" : frappe.utils.get_form_link(doctype, "x").split(`/${route}/`)[0];
	return `<a href="${base}/${route}?state=Failed">${count}</a>`;
}
