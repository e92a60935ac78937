// What a visit looks like on the dispatch board. Everything that comes from people is escaped here.
frappe.provide("ops_delivery.dispatch");

(() => {
	const D = ops_delivery.dispatch;
	const { esc } = ops_delivery;
	const clock = (stamp) => (stamp ? stamp.slice(11, 16) : "");

	/** The conflicts in two words; the whole sentence stands in the card's title and in its dialog. */
	const short = () => ({
		overlap: __("At the same time"),
		outside_hours: __("Outside hours"),
		day_off: __("Day off"),
		absent: __("Away", null, "Ops Delivery"),
		travel: __("Travel too short"),
		skill_missing: __("Skill missing"),
		skill_low: __("Level too low"),
		skill_expired: __("Certificate expired"),
		late: __("Later than promised"),
		over: __("Its day is over"),
	});

	const times = (card) =>
		card.start ? `${clock(card.start)}${card.end ? `–${clock(card.end)}` : ""}` : __("no time yet");

	/** The other engineers who go along with the one in whose row the card stands. */
	const others = (card, user) => card.engineers.filter((person) => person.user !== user).map((person) => person.name);

	const said = (card, warnings) =>
		[times(card), card.customer, card.title, card.object, card.label, card.late, ...warnings.map((row) => row.text)]
			.filter(Boolean)
			.join(" · ");

	/** A day as its readers write it, without the year. */
	D.weekday = (date) =>
		new Date(`${date}T12:00:00`).toLocaleDateString(frappe.boot.lang, { weekday: "short", day: "numeric", month: "short" });

	D.card = (card, user, warnings = [], look = "") => {
		const late = card.late ? `<span class="ops-warned ops-is-late">${esc(card.late)}</span>` : "";
		const marks = warnings.length
			? `<span class="ops-warned">⚠ ${esc([...new Set(warnings.map((row) => short()[row.code]))].join(", "))}</span>`
			: "";
		const along = others(card, user);
		const day = user ? "" : card.start ? `${D.weekday(card.start.slice(0, 10))} ` : "";
		return `<div class="ops-card ops-${esc(card.colour)} ${card.movable ? "ops-movable" : ""} ${warnings.length ? "ops-clash" : ""}"
			role="button" tabindex="0" data-key="${esc(card.key)}" data-user="${esc(user)}"
			title="${esc(said(card, warnings))}" aria-label="${esc(said(card, warnings))}" ${look}>
			<div class="ops-card-top"><b>${esc(day)}${esc(times(card))}</b><span class="ops-phase">${esc(card.label)}</span></div>
			<div class="ops-card-who">${card.remote ? `<span class="ops-remote">${__("Remote")}</span> ` : ""}${esc(card.customer)}</div>
			<div class="ops-card-what">${esc(card.object || card.title)}</div>
			${along.length ? `<div class="ops-card-what">${esc((user ? "+ " : "") + along.join(", "))}</div>` : ""}
			${late}${marks}</div>`;
	};

	/** Routine work of a day. */
	D.round = (card, user, warnings = []) => {
		const day = user ? "" : `${D.weekday(card.day)} · `;
		const text = [card.customer, card.title, card.kind, card.label, ...warnings].filter(Boolean).join(" · ");
		return `<div class="ops-card ops-round ops-${esc(card.colour)} ${warnings.length ? "ops-clash" : ""}" role="button" tabindex="0"
			data-key="${esc(card.key)}" data-user="${esc(user)}" title="${esc(text)}" aria-label="${esc(text)}">
			<div class="ops-card-top"><b>${esc(day)}${esc(card.kind)}</b><span class="ops-phase">${esc(card.label)}</span></div>
			<div class="ops-card-who">${esc(card.customer)}</div>
			<div class="ops-card-what">${esc(card.title)} · ${__("{0} objects", [card.objects])}</div>
			${card.late ? `<span class="ops-warned ops-is-late">${__("Overdue", null, "Ops Delivery")}</span>` : ""}
			${warnings.length ? `<span class="ops-warned">⚠ ${esc(warnings.join(", "))}</span>` : ""}</div>`;
	};

	/** The way from the visit before: how long there is, and how long it takes. */
	D.way = (way) =>
		way
			? `<div class="ops-way ${way.short ? "ops-short" : ""}" title="${esc(__("{0} minutes between them, {1} are needed", [way.free, way.needed]))}">→ ${esc(
					way.short ? __("{0} min, {1} needed", [way.free, way.needed]) : __("{0} min", [way.free])
			  )}</div>`
			: "";

	/** An engineer with skills and what is not known of them. */
	D.engineer = (row, levels) => {
		const skills = row.skills
			.map(
				(skill) =>
					`<span class="ops-skill ${skill.expired ? "ops-expired" : ""}" title="${esc(
						[levels[skill.level - 1], skill.until && __("valid until {0}", [frappe.datetime.str_to_user(skill.until)])]
							.filter(Boolean)
							.join(" · ")
					)}">${esc(skill.skill)}${skill.expired ? " ⚠" : ""}</span>`
			)
			.join("");
		return `<b>${esc(row.name)}</b>${
			row.hours_known ? "" : `<div class="text-muted ops-tiny">${__("working hours not known")}</div>`
		}<div class="ops-skills">${skills}</div>`;
	};

	Object.assign(D, { esc, clock, times });
})();
