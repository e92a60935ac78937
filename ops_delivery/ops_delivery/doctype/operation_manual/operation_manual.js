frappe.ui.form.on("Operation Manual", {
	setup(frm) {
		frm.set_query("keeper", () => ({ filters: { user_type: "System User", enabled: 1 } }));
	},

	async refresh(frm) {
		frm.set_intro("");
		if (frm.is_new()) return;
		frm.page.set_indicator(__(frm.doc.status, null, "Operation Manual"), ops_delivery.colour("Operation Manual", frm.doc.status));
		await ops_delivery.show_missing(
			frm,
			"ops_delivery.api.routine.missing",
			{ name: frm.doc.name },
			(row) => `<b>${frappe.utils.escape_html(row.item)}</b>: ${row.text}`
		);
	},
});
