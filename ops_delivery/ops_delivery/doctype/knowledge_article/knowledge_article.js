frappe.ui.form.on("Knowledge Article", {
	setup(frm) {
		frm.set_query("keeper", () => ops_delivery.people_of(false));
	},

	async refresh(frm) {
		frm.set_intro("");
		if (frm.is_new()) {
			const drafted = ops_delivery.knowledge_drafts?.[frm.doc.name];
			if (drafted) frm.set_intro(frm.events.what_was_taken(drafted), "blue");
			return;
		}
		frm.page.set_indicator(__(frm.doc.status, null, "Knowledge Article"), ops_delivery.colour("Knowledge Article", frm.doc.status));
		const name = frm.doc.name;
		const found = await ops_delivery.load("ops_delivery.api.knowledge.missing", { name }, "GET");
		if (frm.doc.name !== name) return;
		frm.events.show_figures(frm, found.figures);
		if (!["Draft", "Internal Review"].includes(frm.doc.status)) return;
		if (!found.missing.length) {
			frm.set_intro(__("Complete: it can be sent to review."), "green");
			return;
		}
		const esc = frappe.utils.escape_html;
		const items = found.missing.map((row) => `<li><b>${esc(row.item)}</b>: ${row.text}</li>`).join("");
		const still = found.still_there.length
			? `${__("Look at these in its texts:")}<ul>${found.still_there
					.map((row) => `<li>${esc(row.said)}${row.kind ? ` <span class="text-muted">${esc(row.kind)}</span>` : ""}</li>`)
					.join("")}</ul>`
			: "";
		frm.set_intro(`${__("Before it can be reviewed it still needs:")}<ul class="ops-missing">${items}</ul>${still}`, "blue");
	},

	what_was_taken(drafted) {
		const esc = frappe.utils.escape_html;
		const taken = drafted.taken_out.map((row) => `<li><s>${esc(row.said)}</s> → ${esc(row.kind)}</li>`).join("");
		const left = drafted.to_check.map((said) => `<li>${esc(said)}</li>`).join("");
		return `${taken ? `${__("Taken out of the texts:")}<ul>${taken}</ul>` : `<p>${__("Nothing was taken out of the texts.")}</p>`}${
			left ? `${__("Look at these yourself:")}<ul>${left}</ul>` : ""
		}<p>${__("Read the texts below, then save.")}</p>`;
	},

	show_figures(frm, figures) {
		$(frm.wrapper).find(".ops-figures").closest(".form-dashboard-section").remove();
		const words = {
			shown: __("Shown", null, "Knowledge Figure"),
			opened: __("Opened", null, "Knowledge Figure"),
			helped: __("Helped", null, "Knowledge Figure"),
			not_helped: __("Did not help", null, "Knowledge Figure"),
			deflected: __("No request needed", null, "Knowledge Figure"),
			used: __("Used in a request", null, "Knowledge Figure"),
		};
		if (!Object.values(figures).some(Boolean)) return;
		const said = Object.keys(words).map((name) => `<span class="ops-figure">${words[name]}: <b>${figures[name]}</b></span>`);
		frm.dashboard.add_section(`<p class="ops-figures">${said.join(" · ")}</p>`, __("Use of the article"));
		frm.dashboard.show();
	},
});
