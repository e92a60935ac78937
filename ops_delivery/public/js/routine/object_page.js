// The page of one object: how it stands, every step with its last value, rounds, open requests.
frappe.provide("ops_delivery.routine");

ops_delivery.once("routine/object_page.js", () => {
	const R = ops_delivery.routine;

	R.show_object = async (overview, name) => {
		const object = await ops_delivery.load("ops_delivery.api.object_states.one", { name }, "GET");
		const fact = (label, html) => (html ? `<div><dt>${label}</dt><dd>${html}</dd></div>` : "");
		const head = [__("Step", null, "Routine Reading"), __("Last value"), __("Judged", null, "Routine Reading"), __("Since", null, "Object State"), __("Read on", null, "Routine Reading")];
		const step = (row) => `<tr><td>${row.is_number ? R.link(row.step, "object-overview", name, row.key) : R.esc(row.step)}</td>
			<td data-label="${R.esc(head[1])}"><b>${R.esc(R.value(row))}</b></td><td>${R.state_pill(row.verdict)}</td>
			<td data-label="${R.esc(head[3])}">${row.verdict ? R.esc(R.day(row.since)) : ""}</td><td data-label="${R.esc(head[4])}">${R.esc(R.moment(row.read_on))}</td></tr>`;
		const round = (row) =>
			`<li>${R.link(row.title, "routine-task", row.name)} · ${R.esc(row.day)} · ${R.esc(__(row.status, null, "Routine Task"))} ${R.state_pill(row.result)}</li>`;
		const list = (title, rows) => `<section><h4>${title}</h4>${rows.length ? `<ul>${rows.join("")}</ul>` : `<p class="text-muted">${__("None", null, "Ops Delivery")}</p>`}</section>`;
		const $main = overview.draw(
			name,
			object.title,
			`<dl class="ops-facts">
				${fact(__("State", null, "Object State"), R.state_pill(object.state) + (object.unseen && object.seen ? ` ${__("not seen for long")}` : ""))}
				${fact(__("Since", null, "Object State"), object.since ? R.esc(R.moment(object.since)) : __("never read"))}
				${fact(__("Last seen"), R.esc(R.moment(object.seen)))}
				${fact(__("Customer", null, "Ops Delivery"), R.esc(object.customer_name || object.customer))}
				${fact(__("Importance", null, "Ops Delivery"), R.esc(__(object.importance)))}
				${fact(__("Location", null, "Service Object"), R.esc(object.location))}
				${fact(__("Serial No", null, "Service Object"), R.esc(object.serial_no))}
			</dl>
			<h4>${__("Last readings")}</h4>
			${
				object.steps.length
					? `<table class="ops-stacked"><thead><tr>${head.map((text) => `<th scope="col">${text}</th>`).join("")}</tr></thead><tbody>${object.steps.map(step).join("")}</tbody></table>`
					: `<p class="text-muted">${__("Nothing was read on this object yet. Put it on a routine schedule.")}</p>`
			}
			<div class="ops-columns">
				${list(__("Open Requests"), object.requests.map((row) => `<li>${R.link(row.title, "issue", row.name)}</li>`))}
				${list(__("Rounds to do"), object.coming.map(round))}
				${list(__("Rounds done"), object.done.map(round))}
			</div>`
		);
		if (!$main) return;
		const { page } = overview;
		page.add_inner_button(__("Service Object"), () => frappe.set_route("Form", "Service Object", name));
		if (frappe.model.can_print("Service Object")) page.add_inner_button(__("Label", null, "Service Object"), () => R.labels([name]));
		if (frappe.model.can_create("Issue"))
			page.set_primary_action(__("New Request"), () => frappe.new_doc("Issue", { customer: object.customer, ops_object: name }));
	};
});
