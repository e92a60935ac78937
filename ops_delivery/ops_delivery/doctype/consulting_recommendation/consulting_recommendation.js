frappe.ui.form.on("Consulting Recommendation", {
	setup(frm) {
		frm.set_query("owner_user", () => ({ filters: { user_type: "System User", enabled: 1 } }));
		frm.set_query("report", () => ({
			filters: { status: ["in", ["Draft", "Internal Review", "Customer Review"]] },
		}));
		frm.set_query("service_object", (doc) => ops_delivery.of_customer(doc.customer, { enabled: 1 }));
	},

	async refresh(frm) {
		const { STATE_COLOURS, ADOPTED, decide, follow_up, verify } = ops_delivery.consulting;
		const doc = frm.doc;
		frm.set_intro("");
		if (frm.is_new()) return;
		frm.page.set_indicator(__(doc.state, null, "Consulting Recommendation"), STATE_COLOURS[doc.state]);
		ops_delivery.consulting.say_state(frm, "state");
		// what was noted stays: rows are added by Follow up
		frm.set_df_property("follow_ups", "cannot_add_rows", true);
		frm.set_df_property("follow_ups", "cannot_delete_rows", true);
		frm.fields_dict.follow_ups.grid.toggle_enable("note", false);
		show_age(frm);
		const may_write = frm.perm[0]?.write;
		const primary = (label, action) =>
			frm.add_custom_button(label, action).addClass("btn-primary").removeClass("btn-default");
		if (["Decided", "In Progress"].includes(doc.state) && (may_write || doc.owner_user === frappe.session.user)) {
			(ADOPTED.includes(doc.decision) ? primary : frm.add_custom_button.bind(frm))(__("Follow up"), () =>
				follow_up(frm)
			);
		}
		if (!may_write) return;
		if (doc.state === "Done") primary(__("Verify", null, "Consulting Recommendation"), () => verify(frm));
		const { message } = await frappe.db.get_value("Consulting Report", doc.report, "status");
		const decidable = ["Customer Review", "Issued"].includes(message.status);
		if (decidable && doc.state === "Proposed") {
			primary(__("Record decision"), () => decide(doc, () => frm.reload_doc()));
		} else if (decidable && !["Done", "Verified"].includes(doc.state)) {
			frm.add_custom_button(__("Record new decision"), () => decide(doc, () => frm.reload_doc()));
		}
		if (doc.state === "Proposed" && !decidable) {
			frm.set_intro(__("The customer decides once the report is in customer review or issued."), "blue");
		}
	},
});

/** How old the obligation is, and how far from its day. */
function show_age(frm) {
	const doc = frm.doc;
	if (!doc.decided_on || ["Verified", "Dropped"].includes(doc.state)) return;
	const today = frappe.datetime.nowdate();
	const age = frappe.datetime.get_day_diff(today, doc.decided_on);
	const left = doc.due_date ? frappe.datetime.get_day_diff(doc.due_date, today) : null;
	const parts = [age === 1 ? __("Decided 1 day ago.") : __("Decided {0} days ago.", [age])];
	const open = doc.state !== "Done" && left !== null;
	if (open && left < 0) parts.push(left === -1 ? __("1 day overdue.") : __("{0} days overdue.", [-left]));
	else if (open) parts.push(left === 1 ? __("Due in 1 day.") : __("Due in {0} days.", [left]));
	frm.dashboard.clear_headline();
	frm.dashboard.set_headline(parts.join(" "), open && left < 0 ? "red" : "blue");
}
