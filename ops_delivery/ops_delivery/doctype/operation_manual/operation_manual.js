frappe.ui.form.on("Operation Manual", {
	setup(frm) {
		frm.set_query("keeper", () => ({ filters: { user_type: "System User", enabled: 1 } }));
	},

	async refresh(frm) {
		const colours = { Draft: "orange", "Internal Review": "blue", Published: "green", Retired: "gray" };
		frm.set_intro("");
		if (frm.is_new()) return;
		frm.page.set_indicator(__(frm.doc.status, null, "Operation Manual"), colours[frm.doc.status]);
		if (frm.doc.status !== "Draft") return;
		const name = frm.doc.name;
		const missing = await ops_delivery.load("ops_delivery.api.routine.missing", { name }, "GET");
		if (frm.doc.name !== name) return;
		if (!missing.length) {
			frm.set_intro(__("Complete: it can be sent to review."), "green");
			return;
		}
		const items = missing.map((row) => `<li><b>${frappe.utils.escape_html(row.item)}</b>: ${row.text}</li>`).join("");
		frm.set_intro(`${__("Before it can be reviewed it still needs:")}<ul class="ops-missing">${items}</ul>`, "blue");
	},
});
