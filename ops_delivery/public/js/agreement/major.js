// What an agreement calls a major incident, tried on requests before it is signed (8.4.b.3).
frappe.provide("ops_delivery.major");

(() => {
	const esc = (value) => frappe.utils.escape_html(String(value ?? ""));

	const EXAMPLE = 'doc.priority_place <= 2 or doc.ops_people_affected > 50 or doc.down_minutes > 240 or doc.object_importance == "…" or doc.object_kind == "…" or doc.object_name == "…"';

	const result = (found) => {
		const lines = [__("Valid on {0} of the last {1} records, holds on {2}.", [found.valid, found.records, found.holds])];
		if (found.first) lines.push(`<span class="text-danger">${__("Fails on {0}:", [esc(found.first)])} ${esc(found.why)}</span>`);
		const named = found.named
			.map((row) => `<li><a href="/app/issue/${encodeURIComponent(row.name)}">${esc(row.name)}</a> ${esc(row.subject)}</li>`)
			.join("");
		return `<p role="status">${lines.join("<br>")}</p>${named ? `<ul>${named}</ul>` : ""}`;
	};

	/** The button of a form whose condition may be edited. */
	ops_delivery.major.offer = (frm) => {
		const field = frm.fields_dict.major_condition;
		if (!field || !frm.perm[0]?.write || cint(frm.doc.docstatus)) return;
		const $wrapper = field.$wrapper;
		if ($wrapper.find(".ops-try-major").length) return;
		$wrapper.append(`<p class="small text-muted"><code class="text-wrap">${esc(EXAMPLE)}</code></p>`);
		$('<button type="button" class="btn btn-xs btn-default ops-try-major"></button>')
			.text(__("Try on Requests"))
			.on("click", async () => {
				const condition = (frm.doc.major_condition || "").trim();
				if (!condition) {
					frappe.msgprint(__("Write a condition first. Without one, requests of the highest priority are major incidents."));
					return;
				}
				const found = await frappe.xcall("ops_delivery.api.incidents.try_condition", { condition, customer: frm.doc.customer || null });
				frappe.msgprint({ title: __("Try on Requests"), message: result(found) });
			})
			.appendTo($wrapper);
	};
})();
