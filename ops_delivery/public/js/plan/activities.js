// The activities of a Delivery Plan in its form: grouped by service content, plan against actual, with quick add.
frappe.provide("ops_delivery.plan");

(() => {
	const { esc } = ops_delivery;
	const day = (text) => (text ? frappe.datetime.str_to_user(text) : "");
	const percent = (share) => `${Math.round(100 * (share || 0))} %`;
	const TONES = {
		not_due: "gray",
		not_begun: "orange",
		under_way: "blue",
		overdue: "red",
		on_time: "green",
		done_late: "yellow",
		done_early: "green",
		on_hold: "orange",
		cancelled: "gray",
	};
	const FILTERS = {
		all: () => true,
		open: (row) => !["Completed", "Cancelled"].includes(row.state),
		late: (row) => ["overdue", "not_begun"].includes(row.standing),
		mine: (row) => row.owner_user === frappe.session.user,
	};
	const labels = () => ({
		all: __("All", null, "Ops Delivery"),
		open: __("Open", null, "Delivery Activity"),
		late: __("Late"),
		mine: __("Mine"),
	});

	ops_delivery.plan.contents = () =>
		(frappe.meta.get_docfield("Delivery Activity", "service_content")?.options || "").split("\n").filter(Boolean);

	const dates = (row) => {
		const same = row.planned_start === row.planned_end;
		return same ? day(row.planned_start) : `${day(row.planned_start)} – ${day(row.planned_end)}`;
	};
	const actual = (row) => {
		if (!row.actual_start) return "";
		if (row.actual_end) return `${day(row.actual_start)} – ${day(row.actual_end)}`;
		return __("since {0}", [day(row.actual_start)]);
	};

	const line = (row) => `<tr data-name="${esc(row.name)}" class="${row.state === "Cancelled" ? "is-off" : ""}">
		<td class="ops-act-subject">
			${row.is_milestone ? `<span class="ops-diamond" title="${__("Milestone")}" aria-label="${__("Milestone")}"></span>` : ""}
			<a href="${frappe.utils.get_form_link("Delivery Activity", row.name)}">${esc(row.subject)}</a>
			${row.after.length ? `<small>${__("after {0}", [esc(row.after.join(", "))])}</small>` : ""}
			${row.deviation ? `<small class="ops-act-deviation">${row.deviation}</small>` : ""}
		</td>
		<td data-label="${__("Planned")}" class="ops-act-dates">${dates(row)}</td>
		<td data-label="${__("Actual")}" class="ops-act-dates">${actual(row) || `<span class="text-muted">–</span>`}</td>
		<td data-label="${__("Standing")}"><span class="indicator-pill no-indicator-dot ${TONES[row.standing]}">${esc(row.words)}</span></td>
		<td data-label="${__("Progress", null, "Ops Delivery")}" class="ops-act-progress"><span class="ops-act-bar" role="img" aria-label="${esc(row.progress)} %"><i style="width:${Math.min(100, row.progress || 0)}%"></i></span> <span class="ops-act-share">${Math.round(row.progress || 0)} %</span></td>
		<td data-label="${__("Who")}">${esc(row.owner_name || row.role) || `<span class="ops-act-nobody">${__("nobody")}</span>`}</td>
		<td data-label="${__("Carried out in")}">${
		row.record
			? `<a href="${frappe.utils.get_form_link(row.record_type, row.record)}">${esc(row.record)}</a>${
					row.record_state ? `<small>${esc(row.record_state)}</small>` : ""
			  }`
			: ""
	}</td>
	</tr>`;

	const group_head = (group) => `<tr class="ops-act-group"><th colspan="7" scope="colgroup">
		${esc(__(group.service_content)) || __("Other")}
		<span>${group.completed}/${group.activities} ${__("done", null, "Delivery Activity")} · ${__("{0} of {1} planned by today", [
		percent(group.earned),
		percent(group.planned),
	])}${group.late ? ` · <b class="ops-act-late">${__("{0} late", [group.late])}</b>` : ""}</span></th></tr>`;

	/** Rows after filter and search, grouped; at most `LIMIT` until all are asked for. */
	const body = (view) => {
		const wanted = view.text.toLowerCase();
		const rows = view.data.activities.filter(
			(row) =>
				FILTERS[view.filter](row) &&
				(!wanted ||
					[row.subject, row.owner_name, row.role, row.record].some((text) =>
						(text || "").toLowerCase().includes(wanted)
					))
		);
		if (!rows.length) {
			return `<tr><td colspan="7" class="ops-act-none">${__("No activity matches. Choose {0} to see every one.", [
				__("All", null, "Ops Delivery"),
			])}</td></tr>`;
		}
		return view.data.groups
			.map((group) => {
				const own = rows.filter((row) => (row.service_content || "") === group.service_content);
				return own.length ? group_head(group) + own.map(line).join("") : "";
			})
			.join("");
	};

	const empty = (may_add) => `<div class="ops-empty">
		<p><b>${__("The plan has no activities yet.")}</b></p>
		<p>${
			may_add
				? __("Start from a template, take over the scope of the agreement, or add activities one by one.")
				: __("Whoever may edit the plan adds them.")
		}</p></div>`;

	const buttons = (data, frm) => `<div class="ops-act-buttons">
		${
			frm.ops_may_add
				? `<button type="button" class="btn btn-default btn-sm" data-do="several">${__("Add several")}</button>
			<button type="button" class="btn btn-default btn-sm" data-do="template">${__("From a template")}</button>
			<button type="button" class="btn btn-default btn-sm" data-do="agreement">${__("From the agreement")}</button>`
				: ""
		}
		${
			data.activities.length
				? `<button type="button" class="btn btn-default btn-sm" data-do="gantt">${__("Gantt")}</button>
			<button type="button" class="btn btn-default btn-sm" data-do="calendar">${__("Calendar")}</button>
			<button type="button" class="btn btn-default btn-sm" data-do="report">${__("Plan against Actual")}</button>`
				: ""
		}</div>`;

	// no <form>: the page is one already
	const quick_add = (frm) => `<div class="ops-act-quick" role="group" aria-label="${__("New activity")}">
		<label><span>${__("New activity")}</span><input class="form-control input-sm" name="subject" maxlength="140" placeholder="${__(
		"What is to be done"
	)}"></label>
		<label><span>${__("Service Content")}</span><select class="form-control input-sm" name="service_content">${ops_delivery.plan
		.contents()
		.map((content) => `<option value="${esc(content)}">${esc(__(content))}</option>`)
		.join("")}</select></label>
		<label><span>${__("Planned Start")}</span><input class="form-control input-sm" type="date" name="planned_start" min="${esc(
		frm.doc.start_date
	)}" max="${esc(frm.doc.end_date)}" value="${esc(frm.doc.start_date)}"></label>
		<label><span>${__("Planned End")}</span><input class="form-control input-sm" type="date" name="planned_end" min="${esc(
		frm.doc.start_date
	)}" max="${esc(frm.doc.end_date)}" value="${esc(frm.doc.end_date)}"></label>
		<label class="ops-act-check"><input type="checkbox" name="is_milestone"> <span>${__("Milestone")}</span></label>
		<button type="button" class="btn btn-primary btn-sm" data-quick-add>${__("Add")}</button>
	</div>`;

	/** Draw the list into the form. `data` is what api.delivery_plans.overview gives. */
	ops_delivery.plan.draw_activities = (frm, data) => {
		const $at = frm.get_field("activities_html").$wrapper;
		const view = (frm.ops_activity_view = {
			filter: "all",
			text: "",
			...(frm.ops_activity_view || {}),
			data,
		});
		const chips = Object.entries(labels())
			.map(([key, label]) => {
				const count = data.activities.filter(FILTERS[key]).length;
				return `<button type="button" class="btn btn-xs ${
					view.filter === key ? "btn-primary" : "btn-default"
				}" aria-pressed="${view.filter === key}" data-filter="${key}">${label} <span>${count}</span></button>`;
			})
			.join("");
		$at.html(`<div class="ops-act">
			${buttons(data, frm)}
			${
				data.activities.length
					? `<div class="ops-act-tools">${chips}<input type="search" class="form-control input-xs" aria-label="${__(
							"Search the activities"
					  )}" placeholder="${__("Search the activities")}" value="${esc(view.text)}"></div>
			<table class="ops-act-table"><thead><tr><th scope="col">${__("Activity")}</th><th scope="col">${__(
							"Planned"
					  )}</th><th scope="col">${__("Actual")}</th><th scope="col">${__("Standing")}</th><th scope="col">${__("Progress", null, "Ops Delivery")}</th><th scope="col">${__("Who")}</th><th scope="col">${__("Carried out in")}</th></tr></thead>
			<tbody>${body(view)}</tbody></table>`
					: empty(frm.ops_may_add)
			}
			${frm.ops_may_add ? quick_add(frm) : data.fixed ? `<p class="text-muted ops-act-fixed">${__(
				"The plan is approved: planned dates stay as they are. Use Revise to change them as a new version; actual dates and progress are entered in the activity."
			)}</p>` : ""}
		</div>`);
		bind(frm, $at, view);
	};

	const bind = (frm, $at, view) => {
		$at.off(".ops");
		$at.on("click.ops", "[data-filter]", (event) => {
			view.filter = event.currentTarget.dataset.filter;
			ops_delivery.plan.draw_activities(frm, view.data);
		});
		$at.on(
			"input.ops",
			"input[type=search]",
			frappe.utils.debounce((event) => {
				view.text = event.target.value;
				$at.find(".ops-act-table tbody").html(body(view));
			}, 150)
		);
		$at.on("click.ops", "[data-do]", (event) => {
			const filters = { plan: frm.doc.name };
			const actions = {
				several: () => ops_delivery.plan.add_several(frm),
				template: () => ops_delivery.plan.from_template(frm),
				agreement: () => ops_delivery.plan.from_agreement(frm),
				gantt: () => open_view("Gantt", filters),
				calendar: () => open_view("Calendar", filters),
				report: () => frappe.set_route("query-report", "Delivery Plan against Actual", filters),
			};
			actions[event.currentTarget.dataset.do]();
		});
		$at.on("click.ops", "[data-quick-add]", () => quick(frm, $at));
		$at.on("keydown.ops", ".ops-act-quick input", (event) => {
			if (event.key !== "Enter") return;
			event.preventDefault();
			quick(frm, $at);
		});
	};

	const quick = (frm, $at) => {
		const field = (name) => $at.find(`.ops-act-quick [name=${name}]`);
		const row = { is_milestone: field("is_milestone").prop("checked") ? 1 : 0 };
		for (const name of ["subject", "service_content", "planned_start", "planned_end"]) row[name] = field(name).val();
		if (!row.subject.trim()) {
			field("subject").trigger("focus");
			frappe.show_alert({ message: __("Say what is to be done."), indicator: "orange" });
			return;
		}
		const $button = $at.find("[data-quick-add]").prop("disabled", true);
		ops_delivery.plan
			.add_rows(frm, [row])
			.then(() => field("subject").trigger("focus"))
			.finally(() => $button.prop("disabled", false));
	};

	const open_view = (kind, filters) => {
		frappe.route_options = filters;
		frappe.set_route("List", "Delivery Activity", kind, ...(kind === "Calendar" ? ["default"] : []));
	};

	/** Add rows through the server, all or none, then show the plan anew. */
	ops_delivery.plan.add_rows = (frm, rows) =>
		frappe.xcall("ops_delivery.api.delivery_plans.add_activities", { plan: frm.doc.name, rows }).then((names) => {
			frappe.show_alert({
				message: names.length === 1 ? __("1 activity added") : __("{0} activities added", [names.length]),
				indicator: "green",
			});
			return ops_delivery.plan.refresh(frm).then(() => names);
		});
})();
