// What a Delivery Plan's form shows of the whole: plan against actual, money, what clause 5.2 still asks for.
frappe.provide("ops_delivery.plan");

(() => {
	const { esc } = ops_delivery;
	const percent = (share) => `${Math.round(100 * (share || 0))} %`;
	// null: the reader may not read it
	const money = (amount, currency) => (amount === null ? "–" : esc(format_currency(amount || 0, currency)));

	const bar = (label, share, tone) => `<div class="ops-plan-bar"><span>${label}</span>
		<span class="ops-plan-track"><i class="${tone}" style="width:${Math.min(100, 100 * share)}%"></i></span>
		<b>${percent(share)}</b></div>`;

	const figure = (label, value, tone = "") => `<div class="ops-plan-figure ${tone}"><b>${value}</b><span>${label}</span></div>`;

	/** Progress of the whole plan as of today. */
	ops_delivery.plan.draw_progress = (frm, data) => {
		const t = data.totals;
		const $at = frm.get_field("progress_html").$wrapper;
		if (!t.activities) {
			$at.html(
				`<div class="ops-empty"><p><b>${__("Nothing planned yet.")}</b></p><p>${__(
					"Add activities on the tab {0}; plan and actual are then compared here.",
					[`<b>${__("Activities")}</b>`]
				)}</p></div>`
			);
			return;
		}
		const behind = Math.round(100 * (t.variance || 0));
		const word =
			behind < 0
				? `<b class="ops-act-late">${__("{0} % behind the plan", [-behind])}</b>`
				: behind > 0
				? `<b>${__("{0} % ahead of the plan", [behind])}</b>`
				: `<b>${__("as planned")}</b>`;
		$at.html(`<div class="ops-plan-progress">
			<div class="ops-plan-bars">
				${bar(__("Planned by today"), t.planned, "planned")}
				${bar(__("Done", null, "Ops Delivery"), t.earned, behind < 0 ? "behind" : "done")}
				<p class="text-muted">${word} · ${__("by planned days, as of {0}", [frappe.datetime.str_to_user(data.today)])}</p>
			</div>
			<div class="ops-plan-figures">
				${figure(__("Activities done"), `${t.completed}/${t.activities}`)}
				${figure(__("Under way"), t.under_way)}
				${figure(__("Late"), t.late, t.late ? "is-late" : "")}
				${figure(__("Milestones late"), `${t.milestones_late}/${t.milestones}`, t.milestones_late ? "is-late" : "")}
				${data.money.currency && data.money.planned_cost && data.money.actual_cost !== null ? figure(__("Costs so far"), `${money(data.money.actual_cost, data.money.currency)}`, data.money.actual_cost > data.money.planned_cost ? "is-late" : "") : ""}
			</div></div>`);
	};

	/** The nine items of clause 5.2. */
	ops_delivery.plan.draw_completeness = (frm, items) => {
		const open = items.filter((item) => item.missing.length).length;
		const later = items.filter((item) => !item.missing.length && item.before_approval.length).length;
		const done = items.length - open - later;
		const list = items
			.map((item) => {
				const state = item.missing.length ? "missing" : item.before_approval.length ? "later" : "done";
				const sign = { missing: "!", later: "…", done: "✓" }[state];
				const word = {
					missing: __("missing"),
					later: __("before approval"),
					done: __("answered"),
				}[state];
				const texts = [
					...item.missing,
					...item.before_approval.map((text) => `${text} <i>(${__("before approval")})</i>`),
				];
				return `<li class="is-${state}"><span class="ops-sign" role="img" aria-label="${word}">${sign}</span>
					<div><b>${esc(item.clause)}</b> ${esc(item.title)}${
					texts.length ? `<ul>${texts.map((text) => `<li>${text}</li>`).join("")}</ul>` : ""
				}</div></li>`;
			})
			.join("");
		const head = open
			? __("{0} of {1} items are answered; the review begins when nothing is missing.", [done, items.length])
			: later
			? __("Ready for review. Before approval, {0} items still wait.", [later])
			: __("Every item is answered.");
		frm.get_field("completeness_html").$wrapper.html(
			`<p class="ops-complete-head">${head}</p><ul class="ops-complete">${list}</ul>`
		);
	};

	/** Costs and income, planned and actual, and of what the actual ones consist. */
	ops_delivery.plan.draw_money = (frm, m) => {
		const $at = frm.get_field("funds_html").$wrapper;
		if (!m.currency) {
			$at.html(`<p class="text-muted">${__("Choose a currency to enter costs and income.")}</p>`);
			return;
		}
		const row = (label, planned, actual) => `<tr><th scope="row">${label}</th><td>${money(planned, m.currency)}</td><td>${money(
			actual,
			m.currency
		)}</td><td class="${actual > planned && planned ? "ops-act-late" : ""}">${planned && actual !== null ? percent(actual / planned) : "–"}</td></tr>`;
		const parts = [
			[__("entered here"), m.entered_cost],
			[__("project {0}", [esc(m.project)]), m.project_cost],
			[__("activities"), m.activity_cost],
		].filter(([, amount]) => amount);
		$at.html(`<table class="ops-matrix ops-money"><thead><tr><th></th><th scope="col">${__("Planned")}</th><th scope="col">${__(
			"Actual"
		)}</th><th scope="col">${__("Used", null, "Ops Delivery")}</th></tr></thead><tbody>
			${row(__("Costs"), m.planned_cost, m.actual_cost)}${row(__("Income", null, "Ops Delivery"), m.planned_income, m.actual_income)}</tbody></table>
			${
				parts.length
					? `<p class="text-muted">${__("Actual costs: {0}", [
							parts.map(([label, amount]) => `${label} ${money(amount, m.currency)}`).join(", "),
					  ])}</p>`
					: ""
			}
			${m.not_counted ? `<p class="ops-act-late">${esc(m.not_counted)}</p>` : ""}
			${
				m.activity_budget > m.planned_cost && m.planned_cost
					? `<p class="ops-act-late">${__("The budgets of the activities come to {0}, more than the planned costs.", [
							money(m.activity_budget, m.currency),
					  ])}</p>`
					: ""
			}`);
	};

	/** What the agreement says on assessment and security. */
	ops_delivery.plan.draw_terms = (frm, terms) => {
		const $at = frm.get_field("assessment_html").$wrapper;
		if (!terms.agreement) {
			$at.html(`<p class="text-muted">${__("Choose the agreement of the plan to see what it assesses.")}</p>`);
			return;
		}
		const link = `<a href="${frappe.utils.get_form_link("Service Agreement", terms.agreement)}">${esc(terms.agreement)}</a>`;
		const rows = terms.metrics
			.map(
				(row) => `<tr><th scope="row">${esc(row.metric)}</th><td>${esc(row.target)} ${esc(row.unit)}</td><td>${
					row.weight ? `${row.weight} %` : "–"
				}</td><td>${esc(row.how)}</td></tr>`
			)
			.join("");
		$at.html(`${
			rows
				? `<div class="ops-matrix-scroll"><table class="ops-matrix"><thead><tr><th scope="col">${__("Metric")}</th><th scope="col">${__(
						"Target"
				  )}</th><th scope="col">${__("Weight", null, "Ops Delivery")}</th><th scope="col">${__("How it is computed")}</th></tr></thead><tbody>${rows}</tbody></table></div>`
				: `<p class="text-muted">${__("The agreement {0} names no assessment yet.", [link])}</p>`
		}
			${terms.result ? `<p>${esc(terms.result)}</p>` : ""}
			${rows ? `<p class="text-muted">${__("From the agreement {0}; changed there.", [link])}</p>` : ""}
			${terms.security ? `<p><b>${__("Security terms of the agreement")}</b>: ${esc(terms.security)}</p>` : ""}`);
	};

	/** Read the plan's overview once and draw every panel. */
	ops_delivery.plan.refresh = (frm) => {
		if (frm.is_new()) return Promise.resolve();
		const name = frm.doc.name;
		return ops_delivery.load("ops_delivery.api.delivery_plans.overview", { plan: name }).then((data) => {
			if (frm.doc.name !== name) return;
			frm.ops_may_add = !data.fixed && frm.perm[0]?.write && frappe.model.can_create("Delivery Activity");
			frm.ops_overview = data;
			ops_delivery.plan.draw_progress(frm, data);
			ops_delivery.plan.draw_completeness(frm, data.completeness);
			ops_delivery.plan.draw_activities(frm, data);
			ops_delivery.plan.draw_money(frm, data.money);
			ops_delivery.plan.draw_terms(frm, data.terms);
			frm.trigger("ops_plan_drawn");
		});
	};
})();
