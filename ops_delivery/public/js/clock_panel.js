// Service clocks as staff see them: on the Issue form and on the Service Clock form.
// The server explains a clock once; from then on the panel counts by itself with the service hours it was given.
frappe.provide("ops_delivery");

(() => {
	const { esc } = ops_delivery;
	const EVERY = 30000; // ms between two updates of the figures shown

	const ICONS = {
		running: '<circle cx="8" cy="8" r="6.2"/><path d="M8 4.5V8l2.4 1.6"/>',
		soon: '<circle cx="8" cy="8" r="6.2"/><path d="M8 4.5V8l2.4 1.6"/>',
		late: '<path d="M8 2 14.6 13.6H1.4Z"/><path d="M8 6.3v3.4M8 11.6v.2"/>',
		paused: '<circle cx="8" cy="8" r="6.2"/><path d="M6.4 5.8v4.4M9.6 5.8v4.4"/>',
		met: '<circle cx="8" cy="8" r="6.2"/><path d="m5.2 8.2 2 2 3.6-4"/>',
		cancelled: '<circle cx="8" cy="8" r="6.2"/><path d="m5.9 5.9 4.2 4.2m0-4.2-4.2 4.2"/>',
	};
	const icon = (look) =>
		`<svg class="ops-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${ICONS[look]}</svg>`;

	ops_delivery.ClockPanel = class ClockPanel {
		/**
		 * wrapper: element to fill; load: async () => {clocks, escalations}; open: expand the cards at once;
		 * can_acknowledge: whether to offer it.
		 */
		constructor({ wrapper, load, open = false, can_acknowledge = false, empty = "" }) {
			Object.assign(this, { load, open, can_acknowledge, empty });
			this.$wrapper = $(wrapper).addClass("ops-clock-panel");
			this.expanded = new Set();
		}

		async refresh() {
			clearInterval(this.timer);
			try {
				this.show(await this.load());
			} catch (error) {
				console.warn(error);
				this.$wrapper.html(
					`<p class="text-muted">${__("The clocks could not be loaded. Reload the page to try again.")}</p>`
				);
			}
		}

		show({ clocks, escalations = [], not_measured = [] }) {
			this.clocks = clocks.map((facts) => new ops_delivery.LiveClock(facts));
			if (this.open) this.clocks.forEach((clock) => this.expanded.add(clock.clock));
			const missing = this.missing(not_measured);
			if (!clocks.length) {
				this.$wrapper.html(missing || (this.empty ? `<p class="text-muted">${esc(this.empty)}</p>` : ""));
				return;
			}
			this.$wrapper.html(
				`<ul class="ops-clocks">${this.clocks.map((clock) => this.card(clock)).join("")}</ul>
				${missing}
				${this.alerts(escalations)}
				<p class="ops-zone text-muted">${__("Times as in {0}", [esc(ops_delivery.reader_zone())])}</p>`
			);
			this.bind();
			this.timer = setInterval(() => this.tick(), EVERY);
		}

		/** What no clock measures, and why. */
		missing(rows) {
			if (!rows.length) return "";
			const line = ({ commitment, why }) =>
				`<li><b>${esc(__(commitment, null, "Service Commitment"))}</b>: ${__("not measured")} – ${esc(why)}</li>`;
			return `<ul class="ops-not-measured ops-problem" role="status">${rows.map(line).join("")}</ul>`;
		}

		tick() {
			if (!document.contains(this.$wrapper[0])) return clearInterval(this.timer);
			if (document.hidden || !this.$wrapper.is(":visible")) return;
			for (const clock of this.clocks) {
				const horizon = clock.upcoming.at(-1)?.[1];
				if (clock.state === "Running" && horizon && clock.present() > horizon) return this.refresh();
				const $card = this.$wrapper.find(`[data-clock="${clock.clock}"]`);
				$card.attr("class", `ops-clock ops-${clock.look()}`);
				$card.find(".ops-clock-face").html(this.face(clock));
				$card.find(".ops-progress").replaceWith(this.progress(clock));
			}
		}

		bind() {
			this.$wrapper.find(".ops-clock-head").on("click", (e) => this.toggle($(e.currentTarget)));
			this.$wrapper.find("[data-print]").on("click", (e) => {
				ops_delivery.print("clock_explanation", { clock: e.currentTarget.dataset.print });
			});
			this.$wrapper.find("[data-acknowledge]").on("click", (e) => {
				ops_delivery.acknowledge(e.currentTarget.dataset.acknowledge.split(" "), () => this.refresh());
			});
		}

		toggle($head) {
			const clock = $head.closest(".ops-clock").data("clock");
			const opens = !this.expanded.has(clock);
			opens ? this.expanded.add(clock) : this.expanded.delete(clock);
			$head.attr("aria-expanded", opens);
			$head.closest(".ops-clock").find(".ops-clock-more").prop("hidden", !opens);
		}

		alerts(escalations) {
			if (!escalations.length) return "";
			const mine = escalations.filter((log) => log.may_acknowledge);
			const button = (names, label, said) =>
				this.can_acknowledge && names.length
					? `<button type="button" class="btn btn-xs btn-default" data-acknowledge="${esc(
							names.join(" ")
					  )}" aria-label="${esc(said)}">${label}</button>`
					: "";
			const rows = escalations.map(
				(log) => `<li class="ops-alert"><span><b>${__(log.kind, null, "Escalation Log")}</b> · ${esc(__(log.commitment, null, "Service Commitment"))} · ${esc(
					__(log.step, null, "Escalation Step")
				)}<br><span class="text-muted">${ops_delivery.moment(log.fired)} · ${
					log.told.length ? __("told: {0}", [esc(log.told.join(", "))]) : __("nobody was told")
				}</span></span>
				${button(log.may_acknowledge ? [log.name] : [], __("Acknowledge"), __("Acknowledge: {0}", [log.step]))}</li>`
			);
			const heading =
				escalations.length === 1
					? __("1 escalation waits to be acknowledged")
					: __("{0} escalations wait to be acknowledged", [escalations.length]);
			const all =
				mine.length > 1
					? button(
							mine.map((log) => log.name),
							__("Acknowledge all"),
							__("Acknowledge all")
					  )
					: "";
			return `<details class="ops-alerts" ${escalations.length < 3 ? "open" : ""}>
				<summary>${icon("late")} ${heading}</summary><ul>${rows.join("")}</ul>${all}</details>`;
		}

		card(clock) {
			const open = this.expanded.has(clock.clock);
			const id = `ops-clock-${clock.clock}`;
			return `<li class="ops-clock ops-${clock.look()}" data-clock="${esc(clock.clock)}">
				<button type="button" class="ops-clock-head" aria-expanded="${open}" aria-controls="${id}">
					<span class="ops-clock-face">${this.face(clock)}</span>
				</button>
				${this.progress(clock)}
				<div class="ops-clock-more" id="${id}" ${open ? "" : "hidden"}>${this.details(clock)}</div>
			</li>`;
		}

		face(clock) {
			return `<span class="ops-clock-top"><b>${esc(__(clock.commitment, null, "Service Commitment"))}</b>
					<span class="ops-state">${icon(clock.look())} ${clock.words()}</span></span>
				<span class="ops-clock-main">${clock.headline()}</span>
				<span class="ops-clock-sub">${esc(clock.subline())}</span>`;
		}

		progress(clock) {
			const used = clock.used();
			const share = clock.target ? Math.round((100 * used) / clock.target) : 0;
			const marks = clock.events
				.filter((event) => event.kind === "Pause" && event.elapsed < clock.target)
				.map((event) => {
					const title = esc(`${__("Paused")}: ${ops_delivery.moment(event.at)} ${event.reason}`);
					const at = (100 * event.elapsed) / clock.target;
					return `<i class="ops-mark" style="inset-inline-start:${at}%" title="${title}"></i>`;
				})
				.join("");
			const text = __("{0} of {1} used", [
				ops_delivery.duration(used),
				ops_delivery.duration(clock.target),
			]);
			return `<div class="ops-progress" role="progressbar" aria-valuemin="0" aria-valuemax="100"
				aria-valuenow="${Math.min(100, share)}" aria-valuetext="${esc(`${text} (${share} %)`)}"
				aria-label="${esc(__(clock.commitment, null, "Service Commitment"))}" title="${esc(`${text} (${share} %)`)}">
				<span style="width:${Math.min(100, Math.max(0, share))}%"></span>${marks}</div>`;
		}

		details(clock) {
			const link = (doctype, name, text) =>
				name
					? `<a href="${frappe.utils.get_form_link(doctype, name)}">${esc(text || name)}</a>`
					: "";
			const revision = (n) => (n ? ` · ${__("revision {0}", [n])}` : "");
			const facts = [
				[__("Target"), ops_delivery.duration(clock.target)],
				[__("Priority", null, "Service Clock"), esc(__(clock.priority))],
				[__("Started", null, "Service Clock"), ops_delivery.moment(clock.started)],
				clock.received
					? [__("Received by our mail server on", null, "Issue"), ops_delivery.moment(clock.received)]
					: null,
				clock.mail_dated
					? [__("Dated by its sender", null, "Issue"), ops_delivery.moment(clock.mail_dated)]
					: null,
				clock.missed_on ? [__("Missed on"), ops_delivery.moment(clock.missed_on)] : null,
				clock.agreement
					? [
							__("Agreement"),
							link("Service Agreement", clock.agreement, clock.agreement_title || clock.agreement) +
								(clock.agreement_version ? ` · ${__("version {0}", [clock.agreement_version])}` : ""),
						]
					: null,
				[
					__("Calendar"),
					link("Service Calendar", clock.calendar, __(clock.calendar)) + revision(clock.calendar_revision),
				],
				[__("Time zone of the hours"), esc(clock.zone)],
				[
					__("Escalation Policy"),
					link("Escalation Policy", clock.policy, __(clock.policy)) + revision(clock.policy_revision),
				],
			].filter((fact) => fact && fact[1]);
			return `${clock.problem ? `<p class="ops-problem">${icon("late")} ${esc(clock.problem)}</p>` : ""}
				${ops_delivery.segment_bar(clock)}
				<dl class="ops-facts">${facts.map(([k, v]) => `<div><dt>${k}</dt><dd>${v}</dd></div>`).join("")}</dl>
				<h6>${__("Ledger", null, "Service Clock")}</h6>
				<ol class="ops-ledger">${clock.events.map((event) => this.line(event)).join("")}</ol>
				<button type="button" class="btn btn-xs btn-default" data-print="${esc(clock.clock)}">
					${__("Print explanation")}</button>`;
		}

		line(event) {
			return `<li><span class="ops-when">${ops_delivery.moment(event.at)}</span>
				<span>${esc(event.text)}${event.cause ? ` — ${esc(event.cause)}` : ""}${
				event.reason ? ` — <q>${esc(event.reason)}</q>` : ""
			} <span class="text-muted">· ${esc(event.user_name)}</span></span></li>`;
		}
	};

	const KINDS = () => ({
		counted: __("Counted"),
		paused: __("Paused"),
		closed: __("Outside service hours"),
		stopped: __("Done, then reopened"),
	});

	/** How a clock spent its life: columns as wide as they lasted, each split by what the time was. */
	ops_delivery.segment_bar = (clock) => {
		if (!clock.segments.length) return "";
		const names = KINDS();
		const whole = clock.segments.reduce((sum, s) => sum + s.seconds, 0) || 1;
		const columns = clock.segments.map((s) => {
			const parts = names[s.kind] ? [[s.kind, 1]] : Object.keys(names).map((k) => [k, s[k] / s.seconds]);
			const what = names[s.kind] || s.label;
			const span = `${ops_delivery.moment(s.start)} – ${ops_delivery.moment(s.end)}`;
			const counted = s.working ? ` · ${__("{0} service time", [ops_delivery.duration(s.working)])}` : "";
			const title = `${what}: ${span}${counted}${s.note ? " · " + s.note : ""}`;
			return `<i style="flex-grow:${s.seconds / whole}" title="${esc(title)}">${parts
				.filter(([, share]) => share > 0)
				.map(([kind, share]) => `<b class="ops-seg-${kind}" style="flex-grow:${share}"></b>`)
				.join("")}</i>`;
		});
		const totals = Object.keys(names)
			.filter((kind) => clock.totals[kind])
			.map((kind) => [kind, names[kind], ops_delivery.duration(clock.totals[kind])]);
		const legend = totals.map(
			([kind, name, time]) => `<li><b class="ops-seg-${kind}"></b> ${name}: ${time}</li>`
		);
		const label = totals.map(([, name, time]) => `${name}: ${time}`).join("; ");
		return `<div class="ops-segments" role="img" aria-label="${esc(label)}">${columns.join("")}</div>
			<div class="ops-span text-muted"><span>${ops_delivery.moment(clock.segments[0].start)}</span>
			<span>${ops_delivery.moment(clock.segments.at(-1).end)}</span></div>
			<ul class="ops-legend">${legend.join("")}</ul>`;
	};
})();
