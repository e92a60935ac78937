frappe.ui.form.on("Service Agreement", {
	setup(frm) {
		const enabled = () => ({ filters: { enabled: 1 } });
		["calendar", "priority_matrix", "escalation_policy"].forEach((field) => frm.set_query(field, enabled));
		frm.set_query("calendar", "targets", enabled);
		frm.set_query("service_object", "objects", (doc) => ops_delivery.of_customer(doc.customer, { enabled: 1 }));
		frm.set_query("improvement_action", (doc) => ops_delivery.of_customer(doc.customer));
		frm.set_query("user", "contacts", (doc, cdt, cdn) =>
			ops_delivery.people_of(locals[cdt][cdn].contact_role === "Customer Contact", doc.customer)
		);
		frm.set_query("deliverable_type", "promised", enabled);
		frm.set_query("responsible", "promised", () => ops_delivery.people_of(false));
		frm.set_query("contact", "contacts", (doc) => ops_delivery.contacts_of(doc.customer));
		frm.set_query("default_priority", () =>
			frm.ops_order?.length ? { filters: { name: ["in", frm.ops_order] } } : {}
		);
	},

	async refresh(frm) {
		if (!frm.is_new()) frm.page.set_indicator(__(frm.doc.status, null, "Service Agreement"), ops_delivery.agreement.colour_of(frm.doc.status));
		ops_delivery.agreement.add_actions(frm);
		ops_delivery.agreement.show_completeness(frm);
		ops_delivery.amounts.show(frm, frm.doc.docstatus === 1 && frm.doc.amounts?.length ? frm.doc.name : "");
		frm.fields_dict.amounts.$wrapper.toggle(frm.doc.docstatus === 0); // a submitted version shows what became of them
		ops_delivery.promised.show(frm);
		ops_delivery.major.offer(frm);
		await load_order(frm);
		frm.trigger("show_targets");
	},

	before_workflow_action: (frm) => ops_delivery.agreement.before_workflow_action(frm),

	company(frm) {
		if (frm.doc.company && !frm.doc.currency) {
			frm.set_value("currency", frappe.get_doc(":Company", frm.doc.company)?.default_currency);
		}
	},

	async priority_matrix(frm) {
		await load_order(frm);
		frm.trigger("show_targets");
	},

	customer(frm) {
		if (frm.doc.customer && !frm.doc.title) frm.set_value("title", frm.doc.customer);
	},

	calendar: (frm) => frm.trigger("show_targets"),
	targets_remove: (frm) => frm.trigger("show_targets"),

	/** The summary strip and the table of targets above the rows. */
	show_targets(frm) {
		const field = frm.fields_dict.targets;
		let $box = field.$wrapper.prev(".ops-targets");
		if (!$box.length) $box = $('<div class="ops-targets"></div>').insertBefore(field.$wrapper);
		const { esc } = ops_delivery;
		const doc = frm.doc;
		const facts = [
			[__("Service Hours"), doc.calendar && esc(__(doc.calendar))],
			[
				__("Period", null, "Service Agreement"),
				doc.start_date &&
					doc.end_date &&
					`${frappe.datetime.str_to_user(doc.start_date)} – ${frappe.datetime.str_to_user(doc.termination_date || doc.renewed_until || doc.end_date)}`,
			],
			[__("Version"), doc.version],
			[__("Before triage"), doc.default_priority && esc(__(doc.default_priority))],
		].filter(([, value]) => value);
		const table = ops_delivery.target_table(doc, frm.ops_order || [], frm.ops_commitments || []);
		const draft = doc.docstatus === 0;
		$box.html(
			`<div class="ops-summary">${facts
				.map(([label, value]) => `<div><span>${label}</span> ${value}</div>`)
				.join("")}</div>
			${table || `<p class="text-muted">${__("No targets yet: what is promised for which priority?")}</p>`}
			${
				draft
					? `<p style="margin-top: 10px"><button type="button" class="btn btn-sm btn-default">${__(
							"Fill the table"
					  )}</button></p>`
					: ""
			}`
		);
		$box.find("button").on("click", () =>
			ops_delivery.fill_targets(frm, frm.ops_order || [], frm.ops_commitments || [])
		);
		// a submitted version shows the table alone; its rows say the same
		field.$wrapper.toggle(draft);
	},
});

frappe.ui.form.on("Service Agreement Target", {
	target: (frm) => frm.trigger("show_targets"),
	calendar: (frm) => frm.trigger("show_targets"),
	commitment: (frm) => frm.trigger("show_targets"),
	priority: (frm) => frm.trigger("show_targets"),
	targets_remove: (frm) => frm.trigger("show_targets"),
});

async function load_order(frm) {
	if (!frm.ops_commitments) {
		const rows = await frappe.db.get_list("Service Commitment", {
			fields: ["name"],
			order_by: "sequence asc",
			limit: 0,
		});
		frm.ops_commitments = rows.map((row) => row.name);
	}
	if (frm.ops_order_of === frm.doc.priority_matrix) return;
	frm.ops_order = [];
	frm.ops_order_of = frm.doc.priority_matrix;
	if (!frm.doc.priority_matrix) return;
	const matrix = await frappe.db.get_doc("Priority Matrix", frm.doc.priority_matrix);
	frm.ops_order = matrix.priorities.map((row) => row.priority);
}
