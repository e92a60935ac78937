frappe.ui.form.on("Delivery Plan", {
	setup(frm) {
		frm.set_query("agreement", () => ops_delivery.of_customer(frm.doc.customer, { docstatus: ["<", 2] }));
		frm.set_query("project", () => ops_delivery.of_type_and_customer("Project", frm.doc.customer));
		const staff = () => ({ filters: { user_type: "System User", enabled: 1 } });
		frm.set_query("owner_user", staff);
		frm.set_query("user", "staff", staff);
	},

	onload() {
		frappe.model.with_doctype("Delivery Activity");
	},

	refresh(frm) {
		for (const field of ["progress_html", "completeness_html", "activities_html", "funds_html", "assessment_html"]) {
			frm.toggle_display(field, !frm.is_new());
		}
		if (frm.is_new()) {
			frm.set_intro(__("Save the plan first; then its activities are added, from a template or one by one."), "blue");
			ops_delivery.plan.draw_raci(frm);
			return;
		}
		frappe.model.with_doctype("Delivery Activity").then(() => ops_delivery.plan.refresh(frm));
		frm.add_custom_button(__("Gantt"), () => view("Gantt", frm), __("View"));
		frm.add_custom_button(__("Calendar"), () => view("Calendar", frm), __("View"));
		frm.add_custom_button(
			__("Plan against Actual"),
			() => frappe.set_route("query-report", "Delivery Plan against Actual", { plan: frm.doc.name }),
			__("View")
		);
		ops_delivery.plan.draw_raci(frm);
		ops_delivery.amounts.show(frm, frm.doc.agreement, { now: 1 });
	},

	ops_plan_drawn(frm) {
		// what was approved stays; what tells how far the work is may always be entered
		const free = ["project", "owner_user", "funds", "tools", "documents", "consensus"];
		for (const df of frm.meta.fields) {
			if (df.read_only || free.includes(df.fieldname) || !df.label || frappe.model.no_value_type.includes(df.fieldtype) && df.fieldtype !== "Table") continue;
			frm.set_df_property(df.fieldname, "read_only", frm.ops_overview.fixed ? 1 : 0);
		}
		ops_delivery.plan.draw_raci(frm);
	},

	async agreement(frm) {
		if (!frm.doc.agreement) return;
		const found = await frappe.db.get_value("Service Agreement", frm.doc.agreement, [
			"customer",
			"company",
			"start_date",
			"end_date",
			"title",
		]);
		const row = found.message || {};
		for (const field of ["customer", "company", "start_date", "end_date"]) {
			if (!frm.doc[field] || field === "customer") frm.set_value(field, row[field]);
		}
		if (!frm.doc.title && row.title) frm.set_value("title", __("{0}: delivery plan", [row.title]));
	},
});

function view(kind, frm) {
	frappe.route_options = { plan: frm.doc.name };
	frappe.set_route("List", "Delivery Activity", kind, ...(kind === "Calendar" ? ["default"] : []));
}
