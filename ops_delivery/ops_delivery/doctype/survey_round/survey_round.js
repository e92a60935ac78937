frappe.ui.form.on("Survey Round", {
	async refresh(frm) {
		frm.disable_save(); // changed by its own steps only
		if (frm.is_new()) return;
		const facts = await ops_delivery.load("ops_delivery.api.surveys.round_figures", { name: frm.doc.name }, "GET");
		frm.get_field("figures_html").$wrapper.html(ops_delivery.surveys.round(facts));
	},
});
