// What the customer wrote while a result waits for their answer: shown on the Issue, and staff say what it is. And what
// happened again after a request was closed.
(() => {
	const { esc } = ops_delivery;

	const take = (frm, message, taken_as, given = {}) =>
		frappe.xcall("ops_delivery.api.issue.take_message", {
			issue: frm.doc.name,
			message: message.name,
			taken_as,
			...given,
		});

	const quoted = (message) =>
		`${esc(message.who)} · ${esc(message.when)}<br><span class="ops-words">${esc(message.words)}</span>`;

	const accept = (frm, message) =>
		ops_delivery.ask({
			title: __("Accept on the customer's behalf"),
			intro: quoted(message),
			fields: [
				{
					fieldname: "taken_as",
					fieldtype: "Select",
					label: __("Decision"),
					reqd: 1,
					default: "Accepted",
					options: ["Accepted", "Accepted with Reservations"].map((value) => ({ value, label: __(value) })),
					description: __("It is recorded that you took this message for the customer's decision"),
				},
				{
					fieldname: "reservations",
					fieldtype: "Small Text",
					label: __("Reservations, one a line"),
					depends_on: 'eval:doc.taken_as=="Accepted with Reservations"',
					mandatory_depends_on: 'eval:doc.taken_as=="Accepted with Reservations"',
				},
				{ fieldname: "comment", fieldtype: "Small Text", label: __("Comment or reason") },
			],
			label: __("Record", null, "Button"),
			action: ({ taken_as, ...given }) => take(frm, message, taken_as, given),
			done: () => frm.reload_doc(),
		});

	const reject = (frm, message) =>
		ops_delivery.ask({
			title: __("Reject on the customer's behalf"),
			intro: quoted(message),
			fields: [
				{
					fieldname: "comment",
					fieldtype: "Small Text",
					label: __("Comment or reason"),
					reqd: 1,
					default: (message.words || "").slice(0, 2000),
					description: __("The request is opened again, and the customer is told so with this reason"),
				},
			],
			label: __("Record", null, "Button"),
			action: (given) => take(frm, message, "Rejected", given),
			done: () => frm.reload_doc(),
		});

	const only_a_message = (frm, message) =>
		take(frm, message, "Only a Message").then(() => {
			frappe.show_alert({ message: __("Only a message: the result still waits for an answer"), indicator: "green" });
			frm.reload_doc();
		});

	const show = (frm) => {
		const field = frm.fields_dict.ops_clock_html;
		if (!field) return;
		field.$wrapper.find(".ops-unanswered").remove();
		const messages = frm.is_new() ? [] : frm.doc.__onload?.ops_messages || [];
		if (!messages.length) return;
		const $box = $(`<section class="ops-unanswered" aria-label="${esc(__("The customer wrote instead of answering"))}">
			<h5>${esc(__("The customer wrote instead of answering"))}</h5>
			<p class="text-muted">${esc(
				__("The result still waits, and silence does not count meanwhile. Say what each message is.")
			)}</p></section>`);
		for (const message of messages) {
			const $item = $(`<div class="ops-message"><p><b>${esc(message.who)}</b> · ${esc(message.when)}
				<a href="${frappe.utils.get_form_link("Communication", message.name)}">${esc(message.subject)}</a></p>
				<blockquote dir="auto">${esc(message.words)}</blockquote></div>`);
			if (frm.perm[0]?.write) {
				for (const [label, run] of [
					[__("Accept on their behalf"), accept],
					[__("Reject on their behalf"), reject],
					[__("Only a message"), only_a_message],
				]) {
					$(`<button type="button" class="btn btn-default btn-sm">${esc(label)}</button>`)
						.on("click", () => run(frm, message))
						.appendTo($item)
						.after(" ");
				}
			}
			$box.append($item);
		}
		field.$wrapper.prepend($box);
	};

	const happened_again = (frm) =>
		ops_delivery.ask({
			title: __("It happened again"),
			fields: [
				{
					fieldname: "what",
					fieldtype: "Small Text",
					label: __("What happened again"),
					reqd: 1,
					description: __("As the customer told it, and since when"),
				},
				{
					fieldname: "way",
					fieldtype: "Select",
					label: __("What follows"),
					reqd: 1,
					default: "new",
					options: [
						{ value: "new", label: __("A new request that names this one") },
						{ value: "reopen", label: __("Open this one again, with this reason") },
					],
					description: __("A new request has its own clocks; what was accepted stays as it is"),
				},
			],
			label: __("Go on", null, "Ops Delivery"),
			action: ({ what, way }) =>
				way === "new"
					? frappe.xcall("ops_delivery.api.issue.happened_again", { issue: frm.doc.name, what })
					: ops_delivery.save_with(frm, { status: "Open", ops_reopen_reason: what }),
			done: (name) => name && frappe.set_route("Form", "Issue", name),
		});

	Object.assign(ops_delivery.issue, { happened_again });
	frappe.ui.form.on("Issue", { refresh: show });
})();
