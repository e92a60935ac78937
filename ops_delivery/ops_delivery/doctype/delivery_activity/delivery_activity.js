// what belongs to the plan, as the server names it (services/plans/activities.py); kept for forms of new activities
let planned = [];
// the record types that can carry an activity out, as the server says (services/plans/carried_out_by.py)
let linkable;

frappe.ui.form.on("Delivery Activity", {
	setup(frm) {
		frm.set_query("predecessors", () => ({
			filters: { plan: frm.doc.plan || "", name: ["!=", frm.doc.name], state: ["!=", "Cancelled"] },
		}));
		frm.set_query("owner_user", () => ({ filters: { user_type: "System User", enabled: 1 } }));
		frm.set_query("service_object", () => ops_delivery.of_customer(frm.doc.customer, { enabled: 1 }));
		frm.set_query("record", () => ops_delivery.of_type_and_customer(frm.doc.record_type, frm.doc.customer));
		frm.set_query("record_type", () => ({ filters: { name: ["in", linkable || []] } }));
	},

	async onload() {
		linkable ??= (await frappe.xcall("ops_delivery.api.delivery_plans.work_choices")).link;
	},

	refresh(frm) {
		lock_what_is_planned(frm);
		if (frm.is_new()) return;
		frm.page.set_indicator(__(frm.doc.state, null, "Delivery Activity"), ops_delivery.colour("Delivery Activity", frm.doc.state));
		frm.add_custom_button(__("Delivery Plan"), () => frappe.set_route("Form", "Delivery Plan", frm.doc.plan));
		if (frm.doc.record) {
			frm.set_intro(
				__("Carried out in {0}: {1}. The state follows it.", [
					frappe.utils.get_form_link(frm.doc.record_type, frm.doc.record, true),
					frappe.utils.escape_html(frm.doc.record_state || __("no state yet")),
				]),
				"blue"
			);
		}
		if (!frm.perm[0]?.write || frm.doc.record) return;
		if (["Completed", "Cancelled"].includes(frm.doc.state)) {
			frm.add_custom_button(__("Record Progress"), () => record_progress(frm));
		} else {
			frm.add_custom_button(__("Carry out"), () => ops_delivery.plan.work_dialog(frm.doc, () => frm.reload_doc()));
			if (frm.doc.state === "Not Started") {
				frm.add_custom_button(__("Begin"), () => move(frm, { state: "In Progress" }));
			}
			if (["In Progress", "On Hold"].includes(frm.doc.state)) {
				frm.add_custom_button(__("Complete"), () => move(frm, { state: "Completed" }));
			}
			frm.add_custom_button(__("Record Progress"), () => record_progress(frm));
		}
	},

	async plan(frm) {
		if (!frm.doc.plan || !frm.is_new()) return;
		const found = await frappe.db.get_value("Delivery Plan", frm.doc.plan, ["start_date", "end_date", "currency", "customer"]);
		const row = found.message || {};
		frm.set_value({
			currency: row.currency,
			customer: row.customer,
			planned_start: frm.doc.planned_start || row.start_date,
			planned_end: frm.doc.planned_end || row.end_date,
		});
	},
});

/** What is done is noted by its step; what stands unsaved in the form is saved first. */
async function move(frm, values) {
	if (frm.is_dirty()) await frm.save();
	await frappe.xcall("ops_delivery.api.delivery_plans.record_progress", { activity: frm.doc.name, ...values });
	await frm.reload_doc();
}

function record_progress(frm) {
	const field = (fieldname) => {
		const { fieldtype, label, options } = frappe.meta.get_docfield("Delivery Activity", fieldname);
		const choices = fieldtype === "Select" && options.split("\n").map((value) => ({ value, label: __(value, null, "Delivery Activity") }));
		return { fieldname, fieldtype, label: __(label), options: choices || options, default: frm.doc[fieldname] };
	};
	ops_delivery.ask({
		title: __("Record Progress"),
		fields: ["state", "progress", "actual_start", "actual_end"].map(field),
		label: __("Save"),
		action: async (values) => {
			// what was not touched is not sent: the rules let the rest follow
			const touched = ["state", "progress", "actual_start", "actual_end"].filter(
				(name) => String(values[name] ?? "") !== String(frm.doc[name] ?? "")
			);
			if (touched.length) await move(frm, Object.fromEntries(touched.map((name) => [name, values[name] ?? ""])));
		},
	});
}

/** What is planned stays while the plan is approved; how far the work is may be entered at any time. */
function lock_what_is_planned(frm) {
	const { fields = planned, fixed = false } = frm.doc.__onload?.ops_planned || {};
	planned = fields;
	for (const field of planned) frm.set_df_property(field, "read_only", fixed ? 1 : 0);
	frm.set_df_property(
		"planned_end",
		"description",
		fixed ? __("Fixed with the approved plan; Revise the plan to change it") : ""
	);
}
