// Small parts that the panel of a visit is made of. Everything that comes from people is escaped here.
frappe.provide("ops_delivery.visit");

ops_delivery.once("visit/words.js", () => {
	const { esc, pill, link } = ops_delivery;

	/** A button large enough for a thumb. `data`: what it does and to what. */
	const button = (action, label, kind = "btn-default", data = {}) =>
		`<button type="button" class="btn ${kind} ops-tap" data-do="${action}" ${Object.entries(data)
			.map(([key, value]) => `data-${key}="${esc(value)}"`)
			.join(" ")}>${esc(label)}</button>`;

	const muted = (text) => (text ? `<div class="text-muted ops-small">${esc(text)}</div>` : "");
	const card = (title, body, look = "") =>
		body ? `<section class="ops-visit-card ${look}">${title ? `<h5>${esc(title)}</h5>` : ""}${body}</section>` : "";
	const day = (value) => (value ? frappe.datetime.str_to_user(value) : "");

	Object.assign(ops_delivery.visit, { esc, button, pill, muted, card, link, day });
});
