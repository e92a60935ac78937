frappe.ui.form.on("Optimization Plan", {
	setup(frm) {
		frm.set_query("agreement", () => ops_delivery.of_customer(frm.doc.customer, { docstatus: 1 }));
		frm.set_query("service_object", () => ops_delivery.of_customer(frm.doc.customer, { enabled: 1 }));
		const staff = () => ({ filters: { user_type: "System User", enabled: 1 } });
		frm.set_query("owner_user", staff);
		["steps", "risks", "rollback_steps"].forEach((table) => frm.set_query("owner_user", table, staff));
		frm.set_query("done_by", "changes", staff);
		frm.set_query("checked_by", "security_checks", staff);
		frm.set_query("user", "people", (doc, cdt, cdn) =>
			ops_delivery.people_of(locals[cdt][cdn].party === "Customer", doc.customer)
		);
	},

	async refresh(frm) {
		frm.set_intro("");
		show_state(frm);
		fix_content(frm);
		ops_delivery.trial_run.clear(frm);
		if (frm.is_new()) {
			if (frm.doc.company && !frm.doc.currency) frm.trigger("company");
			return;
		}
		const name = frm.doc.name;
		const found = await ops_delivery.load("ops_delivery.api.optimization.situation", { name });
		if (frm.doc.name !== name) return;
		show_missing(frm, found);
		ops_delivery.trial_run.show(frm, found);
		ops_delivery.trial_run.show_leftovers(frm, found);
	},

	async company(frm) {
		if (!frm.doc.company || frm.doc.currency) return;
		const { message } = await frappe.db.get_value("Company", frm.doc.company, "default_currency");
		if (message?.default_currency && !frm.doc.currency) frm.set_value("currency", message.default_currency);
	},
});

const PATH = [
	"Draft",
	"Proposal Review",
	"Proposal Approved",
	"Implementation Review",
	"Approved",
	"In Progress",
	"Trial Run",
	"Closed",
];

function show_state(frm) {
	if (frm.is_new()) return;
	frm.page.set_indicator(__(frm.doc.status, null, "Optimization Plan"), ops_delivery.colour("Optimization Plan", frm.doc.status));
}

/** What was approved is shown as fixed; the server refuses a change in any case. */
function fix_content(frm) {
	const at = PATH.indexOf(frm.doc.status);
	const reached = (phase) => at < 0 || at >= PATH.indexOf(phase);
	const proposal = reached("Proposal Approved") && !frm.is_new();
	const implementation = reached("Approved") && !frm.is_new();
	const ended = ["Closed", "Rolled Back"].includes(frm.doc.status);
	const set = (names, on) => names.forEach((name) => frm.set_df_property(name, "read_only", on ? 1 : 0));
	set(
		["title", "customer", "service_object", "agreement", "start_date", "end_date", "goals", "content", "background"],
		proposal
	);
	set(["metrics", "budget", "currency", "budget_note"], proposal);
	set(["people", "risks", "rollback_trigger", "trial_days", "grace_days", "readings_needed"], implementation);
	const content_of = {
		steps: ["step", "owner_user", "start_date", "end_date", "description"],
		rollback_steps: ["step", "owner_user", "minutes"],
		security_checks: ["factor", "requirement"],
	};
	for (const [table, columns] of Object.entries(content_of)) {
		const grid = frm.fields_dict[table].grid;
		columns.forEach((column) => grid.update_docfield_property(column, "read_only", implementation ? 1 : 0));
		grid.cannot_add_rows = implementation;
		grid.df.cannot_delete_rows = implementation;
		frm.refresh_field(table);
	}
	set(["trial_start"], frm.doc.status === "Trial Run" || ended);
	if (ended) {
		frm.set_read_only();
		frm.refresh_fields();
	}
}

/** What the next phase lacks, each part a way to its field. */
function show_missing(frm, { next_phase, missing, trial }) {
	if (!next_phase) return;
	const { esc } = ops_delivery;
	const phase = `<b>${esc(__(next_phase, null, "Optimization Plan"))}</b>`;
	if (!missing.length) {
		if (next_phase === "Trial Run" || (next_phase === "Closed" && !trial.held && !trial.decided)) return;
		frm.set_intro(__("Nothing is missing for {0}.", [phase]), "green");
		return;
	}
	const items = missing
		.map(({ fieldname, text }) => `<li><a href="#" data-field="${esc(fieldname)}">${esc(text)}</a></li>`)
		.join("");
	const many = missing.length > 3;
	const head = __("Still missing for {0}: {1}", [phase, missing.length]);
	frm.set_intro(
		many
			? `<details class="ops-missing"><summary>${head}</summary><ul>${items}</ul></details>`
			: `<div class="ops-missing">${head}<ul>${items}</ul></div>`,
		"yellow"
	);
	frm.layout.wrapper.find(".ops-missing a").on("click", (event) => {
		event.preventDefault();
		frm.scroll_to_field(event.currentTarget.dataset.field, false);
	});
}
