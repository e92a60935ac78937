frappe.ui.form.on("Trial Reading", {
	setup(frm) {
		frm.set_query("plan", () => ({ filters: { status: "Trial Run" } }));
	},

	refresh(frm) {
		// as it was taken; only setting it aside is left
		["plan", "metric", "value", "taken_on", "taken_by"].forEach((name) =>
			frm.set_df_property(name, "read_only", frm.is_new() ? 0 : 1)
		);
		frm.toggle_display("sb_set_aside", !frm.is_new());
		const colours = { "Within Target": "green", "Outside Target": "red" };
		if (!frm.is_new()) frm.page.set_indicator(__(frm.doc.verdict, null, "Trial Reading"), colours[frm.doc.verdict] || "gray");
		if (frm.is_new()) frm.trigger("plan");
	},

	async plan(frm) {
		if (!frm.doc.plan) return;
		const found = await ops_delivery.load("ops_delivery.api.optimization.situation", { name: frm.doc.plan });
		frm.fields_dict.metric.set_data(found.trial.metrics.map((metric) => metric.name));
	},
});
