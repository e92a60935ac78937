// What became of the deliverables that an agreement promises: in time, late, still to come; on its form.
frappe.provide("ops_delivery.promised");

(() => {
	const esc = (text) => frappe.utils.escape_html(text == null ? "" : String(text));
	const day = (value) => frappe.datetime.str_to_user(value);
	const word = (text) => __(text, null, "Deliverable");
	const pill = (text, colour) => `<span class="indicator-pill ${colour} no-indicator-dot">${esc(text)}</span>`;

	/** Draw it into the form's promised_html; a draft shows what it promises alone. */
	ops_delivery.promised.show = async (frm) => {
		const field = frm.get_field("promised_html");
		field.$wrapper.empty();
		frm.toggle_display("promised_html", false);
		frm.fields_dict.promised.$wrapper.toggle(frm.doc.docstatus === 0); // a submitted version shows what became of them
		if (frm.is_new() || frm.doc.docstatus !== 1 || !frm.doc.promised?.length) return;
		const name = frm.doc.name;
		const rows = await ops_delivery.load("ops_delivery.api.deliverables.of_agreement", { agreement: name }, "GET");
		if (frm.doc.name !== name || !rows.length) return;
		frm.toggle_display("promised_html", true);
		field.$wrapper.html(`<div class="ops-amounts">${rows.map(card).join("")}</div>`);
	};

	const card = (row) => `<section class="ops-amount"><header><b>${esc(row.title)}</b> <span>${esc(row.when)}</span></header>
		<p>${[
			row.on_time ? pill(__("{0} in time", [row.on_time], "Deliverable"), "green") : "",
			row.late ? pill(__("{0} late", [row.late], "Deliverable"), "orange") : "",
			row.overdue ? pill(__("{0} overdue", [row.overdue], "Deliverable"), "red") : "",
			row.next ? `<span class="text-muted">${__("The next one is put on the list on {0}.", [day(row.next)])}</span>` : "",
		].filter(Boolean).join(" ")}</p>
		${row.problem ? `<p class="text-danger">${__("It could not be opened and is tried again every day:")} ${esc(row.problem)}</p>` : ""}
		${row.rows.length ? `<ul class="list-unstyled">${row.rows.map(line).join("")}</ul>` : `<p class="text-muted">${__("None was due yet.")}</p>`}
		${row.more ? `<p class="text-muted small">${__("and {0} more", [row.more])}</p>` : ""}</section>`;

	const line = (row) => `<li><a href="${frappe.utils.get_form_link("Deliverable", row.name)}">${esc(row.title)}</a>
		<span class="text-muted">${row.due ? __("due {0}", [day(row.due)]) : ""} · ${esc(word(row.status))}${row.timeliness ? ` · ${esc(word(row.timeliness))}` : ""}</span>
		${row.days_late ? pill(__("{0} days late", [row.days_late]), row.timeliness ? "orange" : "red") : ""}</li>`;
})();
