frappe.ui.form.on("Survey Response", {
	async refresh(frm) {
		frm.disable_save(); // changed by its own steps only
		const answers = await ops_delivery.load("ops_delivery.api.surveys.answers", { response: frm.doc.name }, "GET");
		frm.get_field("answers_html").$wrapper.html(ops_delivery.surveys.answers(answers));
	},
});
