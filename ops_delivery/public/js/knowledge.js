// Knowledge on the desk: articles that fit a request, noting that one helped, and drafting one from what is over.
frappe.provide("ops_delivery");

(() => {
	const { esc, link } = ops_delivery;
	const ARTICLE = "Knowledge Article";
	const OVER = {
		Issue: (doc) => ["Resolved", "Closed"].includes(doc.status),
		"Service Leftover": (doc) => ["Solved", "Waived"].includes(doc.state),
		"Optimization Plan": (doc) => ["Closed", "Rolled Back"].includes(doc.status),
	};

	/** Opens the draft of an article; nothing is saved before its writer has looked at it. */
	const draft = async (frm) => {
		const found = await frappe.xcall("ops_delivery.api.knowledge.draft", { source_doctype: frm.doctype, source_name: frm.doc.name });
		if (found.article) {
			frappe.set_route("Form", ARTICLE, found.article);
			return;
		}
		await frappe.model.with_doctype(ARTICLE);
		const doc = frappe.model.get_new_doc(ARTICLE);
		Object.assign(doc, found.values);
		ops_delivery.knowledge_drafts = { ...ops_delivery.knowledge_drafts, [doc.name]: found };
		frappe.set_route("Form", ARTICLE, doc.name);
	};

	const add_draft = (frm) => {
		if (frm.is_new() || !OVER[frm.doctype]?.(frm.doc) || !frappe.model.can_create(ARTICLE)) return;
		if (frm.doctype === "Issue" && !frm.doc.__onload?.ops_is_ours) return;
		const group = frm.doctype === "Issue" ? __("Steps", null, "Issue") : undefined;
		frm.add_custom_button(__("Draft an article"), () => draft(frm), group);
	};

	const rows = (found, may_use) =>
		[
			...found.used.map((row) => `<li>${link(ARTICLE, row.name, row.title)} <span class="text-muted">${__("used in this request")}</span></li>`),
			...found.rows.map((row) => {
				const use =
					may_use && row.doctype === ARTICLE
						? ` <button class="btn btn-xs btn-default ops-use" data-article="${esc(row.name)}">${__("It helped")}</button>`
						: "";
				return `<li>${link(row.doctype, row.name, row.title)}${use}</li>`;
			}),
		].join("");

	const show = async (frm) => {
		if (frm.is_new() || !frm.doc.__onload?.ops_is_ours || !frappe.model.can_read(ARTICLE)) return;
		const name = frm.doc.name;
		const found = await frappe.xcall("ops_delivery.api.knowledge.suggested", { issue: name });
		if (frm.doc.name !== name) return;
		$(frm.wrapper).find(".ops-knowledge").closest(".form-dashboard-section").remove();
		if (!found.rows.length && !found.used.length) return;
		const may_use = Boolean(frm.perm[0]?.write);
		frm.dashboard.add_section(`<ul class="ops-knowledge">${rows(found, may_use)}</ul>`, __("What is known of it"));
		frm.dashboard.show();
		$(frm.wrapper).find(".ops-knowledge .ops-use").on("click", async (event) => {
			const button = $(event.currentTarget).prop("disabled", true);
			try {
				await frappe.xcall("ops_delivery.api.knowledge.use", { article: button.attr("data-article"), issue: name });
				frappe.show_alert({ message: __("Noted on the request"), indicator: "green" });
				await frm.reload_doc();
			} finally {
				button.prop("disabled", false);
			}
		});
	};

	ops_delivery.knowledge = { draft, show };
	for (const doctype of Object.keys(OVER)) {
		frappe.ui.form.on(doctype, { refresh: add_draft });
	}
	frappe.ui.form.on("Issue", { refresh: show });
})();
