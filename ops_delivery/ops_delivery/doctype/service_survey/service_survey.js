frappe.ui.form.on("Service Survey", {
	async refresh(frm) {
		frm.disable_save(); // changed by its own steps only
		const $answers = frm.get_field("answers_html").$wrapper.empty();
		ops_delivery.surveys.buttons(frm);
		if (frm.doc.anonymous) {
			$answers.html(
				`<p class="text-muted">${__(
					"This survey is anonymous: what was answered is kept apart from it, and is shown with its round."
				)}</p>`
			);
		} else if (frm.doc.response) {
			const answers = await ops_delivery.load("ops_delivery.api.surveys.answers", { response: frm.doc.response }, "GET");
			$answers.html(ops_delivery.surveys.answers(answers));
		}
	},
});
