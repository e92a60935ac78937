// The panel of a visit: one look, one thumb. What comes next stands on top; what is past is folded away.
frappe.provide("ops_delivery.visit");

ops_delivery.once("visit/panel.js", () => {
	const V = ops_delivery.visit;
	const { esc, button, pill, muted, card, link, day } = V;
	const ITEM = { Proposed: "gray", Confirmed: "blue", Started: "yellow", Stopped: "red", Done: "green" };

	V.render = (frm, facts) => {
		const parts =
			facts.phase === "off"
				? [stage_bar(facts), course(facts)]
				: [
						stage_bar(facts),
						waiting(frm),
						against(facts),
						next_step(frm, facts),
						facts.phase === "planned" ? earlier(facts) : "",
						items(frm, facts),
						...facts.stages.filter((stage) => stage.now).map((stage) => V.checklist(stage, facts)),
						facts.leaves ? leftovers(facts) : "",
						signature(facts),
						V.photos.gallery(facts),
						V.records(facts),
						facts.phase === "planned" ? "" : earlier(facts),
						...facts.stages.filter((stage) => !stage.now).map((stage) => V.checklist(stage, facts)),
						course(facts),
				  ];
		return `<div class="ops-visit">${parts.join("")}</div>`;
	};

	const stage_bar = (facts) =>
		`<ol class="ops-stages" aria-label="${__("Stages")}">${facts.phases
			.map(
				({ label, look }, i) =>
					`<li class="${look}" ${look === "now" ? 'aria-current="step"' : ""}><i>${
						look === "done" ? "✓" : i + 1
					}</i><span>${esc(label)}</span></li>`
			)
			.join("")}</ol>`;

	const waiting = (frm) => {
		const rows = [...V.waiting(frm.doc.name), ...V.photos.of(frm.doc.name)];
		return rows.length
			? `<div class="ops-visit-offline" role="status">${__("{0} entries wait for a connection.", [rows.length])} ${button(
					"flush",
					__("Try now")
			  )}</div>`
			: "";
	};

	/** What the board says against the plan: whoever plans in the form is told as well. */
	const against = (facts) =>
		(facts.against || []).length
			? card(
					__("Stands against this plan"),
					`<ul class="ops-against">${facts.against.map((line) => `<li>${esc(line)}</li>`).join("")}</ul>`
			  )
			: "";

	/** What each step is called, on site and in a session. */
	const STEPS = {
		confirm_details: () => __("Confirm with the customer"),
		prepare: () => __("Ready to go"),
		cancel: () => __("Cancel it"),
		depart: () => __("Depart"),
		prepare_again: () => __("Prepare again"),
		arrive: (facts) => (facts.remote ? __("Start the session") : __("Arrived")),
		confirm_arrival: (facts) =>
			facts.remote ? __("Start confirmed by the customer") : __("Arrival confirmed by the customer"),
		confirm_work: () => __("Confirm Work"),
		finish_work: () => __("Finish the work"),
		wish: () => __("Extra wish: ask a superior"),
		add_leftover: () => __("Note a leftover"),
		sign: (facts) => (facts.signature.valid ? __("Sign again") : __("Sign")),
		leave: (facts) => (facts.remote ? __("End the session") : __("Leave")),
		back_to_work: () => __("Back to work"),
		follow_up: () => __("Followed up"),
	};
	const ITEM_STEPS = {
		drop_item: () => [__("Not wanted")],
		start_item: () => [__("Start"), "btn-primary"],
		finish_item: () => [__("Done", null, "Field Service Work Item"), "btn-primary"],
		ask_superior: () => [__("Ask a superior")],
		leave_item_open: () => [__("Not finished")],
	};

	/** The steps the server offers: large buttons, and below them what is still open before the next phase. */
	function next_step(frm, facts) {
		const look = (step) => (step.quiet ? "btn-default btn-sm" : step.first ? "btn-primary ops-big" : "btn-default ops-big");
		const shown = (quiet) =>
			facts.actions
				.filter((step) => step.quiet === quiet)
				.map((step) => button(step.name, STEPS[step.name](facts), look(step)))
				.join("");
		const on_the_way =
			facts.phase === "prepared" && frm.doc.departed_on
				? `<div class="text-muted">${__("On the way since {0}", [esc(day(frm.doc.departed_on))])}</div>`
				: "";
		const list = open_list(facts);
		if (!facts.actions.length) return list ? card("", list) : "";
		return card(
			"",
			`<div class="ops-taps">${shown(false)}${on_the_way}</div>${list}<div class="ops-quiet">${shown(true)}</div>`,
			"ops-next"
		);
	}

	const open_list = (facts) => {
		if (!facts.next) return "";
		const rows = facts.open;
		if (!rows.length) return "";
		return `<details class="ops-open"${rows.length < 5 ? " open" : ""}><summary>${__("Open before {0}: {1}", [
			`<b>${esc(facts.next)}</b>`,
			rows.length,
		])}</summary><ul>${rows.map((row) => `<li>${esc(row.text)}</li>`).join("")}</ul></details>`;
	};

	function items(frm, facts) {
		const whole = facts.requests.filter((request) => !request.work_item).map((request) => request_line(request)).join("");
		if (!facts.items.length) {
			return card(__("Work"), muted(__("No work item yet. Add them under {0}.", [__("Planning", null, "Ops Delivery")])) + whole);
		}
		const rows = facts.items.map((row) => {
			const taps = row.actions.map((step) => button(step, ...ITEM_STEPS[step](), { item: row.name }));
			const asked = facts.requests.filter((request) => request.work_item === row.name);
			return `<li>
				<div class="ops-visit-line"><b>${esc(row.work)}</b>${pill(row.state_label, ITEM[row.state] || "gray")}</div>
				${muted(row.steps)}
				${row.extra ? muted(__("Extra wish")) : ""}
				${muted([row.started, row.ended].filter(Boolean).join(" – ") + (row.done_by ? ` · ${row.done_by}` : ""))}
				${row.result ? `<div class="ops-pre">${esc(row.result)}</div>` : ""}
				${asked.map((request) => request_line(request)).join("")}
				${taps.length ? `<div class="ops-taps">${taps.join("")}</div>` : ""}
			</li>`;
		});
		return card(__("Work"), `<ul class="ops-visit-list">${rows.join("")}</ul>${whole}`);
	}

	const request_line = (row) =>
		`<div class="ops-asked">${link("Field Service Request", row.name, row.kind)} ${pill(
			row.label,
			{ Waiting: "orange", Granted: "green", Declined: "red" }[row.state] || "gray"
		)}
		<div class="ops-pre">${esc(row.question)}</div>
		${muted(row.state === "Waiting" ? __("{0} was asked {1}", [row.superior, row.asked_on]) : `${row.superior} · ${row.answered_on}`)}
		${row.answer ? `<div class="ops-pre">${esc(row.answer)}</div>` : ""}</div>`;

	function leftovers(facts) {
		const rows = facts.leftovers.map(
			(row) => `<li><div class="ops-visit-line">${link("Service Leftover", row.name, row.subject)}${pill(
				row.ended || row.agreed ? row.label : __("not agreed yet"),
				row.ended ? "green" : row.agreed ? "orange" : "red"
			)}</div>${muted(
				[row.treatment || __("no treatment"), row.owner_name || __("no owner"), day(row.due_date) || __("no date")].join(" · ")
			)}</li>`
		);
		return card(
			__("Leftovers of this visit"),
			rows.length ? `<ul class="ops-visit-list">${rows.join("")}</ul>` : muted(__("Nothing is left over so far."))
		);
	}

	function signature(facts) {
		const given = facts.signature;
		if (!given || (!given.valid && !given.void)) return "";
		if (!given.valid) {
			return card(
				__("Customer's signature"),
				`<p class="ops-problem">${__("No longer signed: the sheet was changed after the customer signed it.")}</p>`
			);
		}
		return card(
			__("Customer's signature"),
			`<img class="ops-signature" src="${esc(given.image)}" alt="${__("Customer's signature")}">
			${muted([given.by, given.title, given.on].filter(Boolean).join(" · "))}`
		);
	}

	/** What the visit left behind in ERPNext: time sheets and stock entries, and what can still be made. */
	V.records = (facts) => {
		const found = facts.records;
		if (!found) return "";
		const line = (doctype, row, text) =>
			`<li><div class="ops-visit-line"><span>${link(doctype, row.name)} ${esc(text)}</span>${pill(row.label, "gray")}</div></li>`;
		const rows = [
			...found.timesheets.map((row) => line("Timesheet", row, `${row.employee_name} · ${__("{0} hours", [row.total_hours])}`)),
			...found.entries.map((row) => line("Stock Entry", row, __("Parts used"))),
		];
		const taps = [
			found.may_time ? button("make_timesheets", __("Make Timesheets")) : "",
			found.may_issue ? button("issue_parts", __("Issue the used parts")) : "",
		].join("");
		if (!rows.length && !taps) return "";
		return card(
			__("Hours and parts"),
			`<ul class="ops-visit-list">${rows.join("")}</ul>${taps ? `<div class="ops-quiet">${taps}</div>` : ""}`
		);
	};

	function earlier(facts) {
		if (!facts.earlier) return "";
		const { visits, leftovers: rows } = facts.earlier;
		const left = rows.map(
			(row) => `<li>${link("Service Leftover", row.name, row.subject)} ${row.overdue ? pill(__("overdue"), "red") : ""}
				${row.here ? "" : pill(__("another object"), "gray")}${muted([row.treatment, day(row.due_date)].filter(Boolean).join(" · "))}</li>`
		);
		const before = visits.map(
			(row) =>
				`<li>${link(row.doctype, row.name, row.title)}${muted(
					[day(row.arrived_on || row.planned_start), row.phase, row.outcome && __(row.outcome), row.outcome_note]
						.filter(Boolean)
						.join(" · ")
				)}</li>`
		);
		if (!left.length && !before.length) return card(__("Before this"), muted(__("No earlier visit and nothing left over here.")));
		return card(
			__("Before this"),
			`${left.length ? `<h6>${__("Still open here")}</h6><ul class="ops-visit-list">${left.join("")}</ul>` : ""}
			${before.length ? `<h6>${__("Earlier visits")}</h6><ul class="ops-visit-list">${before.join("")}</ul>` : ""}`
		);
	}

	const course = (facts) =>
		facts.course.length
			? `<details class="ops-visit-card"><summary><h5>${__("Course")}</h5></summary><dl class="ops-visit-course">${facts.course
					.map((row) => `<div><dt>${esc(row.label)}</dt><dd>${esc([row.when, row.who].filter(Boolean).join(" · "))}</dd></div>`)
					.join("")}</dl></details>`
			: "";

	/** What the customer reads before signing. */
	V.summary = (frm, facts, open) => {
		const work = facts.items
			.map((row) => `<li>${esc(row.work)}: <b>${esc(row.state_label)}</b>${row.result ? ` – ${esc(row.result)}` : ""}</li>`)
			.join("");
		const left = facts.leftovers
			.map((row) => `<li>${esc(row.subject)} – ${esc(row.treatment || __("no treatment"))}</li>`)
			.join("");
		return `<div class="ops-to-sign"><p><b>${esc(frm.doc.title)}</b></p>
			<p>${__("Arrived")}: ${esc(day(frm.doc.arrived_on))} · ${esc(__(frm.doc.outcome || ""))}</p><ul>${work}</ul>
			${left ? `<p><b>${__("Left open")}</b></p><ul>${left}</ul>` : ""}
			${frm.doc.outcome_note ? `<p class="ops-pre">${esc(frm.doc.outcome_note)}</p>` : ""}
			${open.length ? `<p class="text-muted">${__("Before leaving there is still to do: {0}", [open.length])}</p>` : ""}</div>`;
	};
});
