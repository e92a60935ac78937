// A year of a Service Calendar at a glance: a coloured square for each day.
ops_delivery.configuration.YearView = class {
	constructor({ wrapper, get_doc }) {
		this.get_doc = get_doc;
		this.year = Number(frappe.datetime.get_today().slice(0, 4));
		this.$wrapper = $(wrapper).addClass("ops-year-view");
		this.$wrapper.on("click", "[data-step]", (e) => {
			this.year += Number($(e.currentTarget).data("step"));
			this.refresh();
		});
	}

	async refresh() {
		const { ask, problem } = ops_delivery.configuration;
		const turn = (this.turn = (this.turn || 0) + 1);
		if (!(this.get_doc().windows || []).length) {
			this.$wrapper.html(
				`<p class="text-muted">${__("Enter the weekly hours above; the year then appears here.")}</p>`
			);
			return;
		}
		try {
			const answer = await ask("configuration.calendar_year", { doc: this.get_doc(), year: this.year });
			if (turn === this.turn) this.$wrapper.html(this.html(answer));
		} catch (message) {
			if (turn === this.turn) this.$wrapper.html(problem(message));
		}
	}

	html(answer) {
		const { hours, escape } = ops_delivery.configuration;
		const summary = __("{0} working days, {1}, {2} dated exceptions; clock times in {3}", [
			answer.working_days,
			hours(answer.seconds),
			answer.exceptions,
			escape(answer.time_zone),
		]);
		return `
			<div class="ops-year-head">
				<button type="button" class="btn btn-default btn-xs" data-step="-1"
					aria-label="${__("Year before")}">‹</button>
				<strong>${answer.year}</strong>
				<button type="button" class="btn btn-default btn-xs" data-step="1"
					aria-label="${__("Year after")}">›</button>
				<span class="text-muted">${summary}</span>
			</div>
			<div class="ops-year-legend">${this.legend()}</div>
			<div class="ops-year-months">${answer.months.map((month) => this.month(answer, month)).join("")}</div>`;
	}

	legend() {
		return Object.entries(ops_delivery.configuration.YearView.kinds())
			.map(([kind, label]) => `<span><i class="ops-day ops-${kind}"></i>${label}</span>`)
			.join("");
	}

	month(answer, month) {
		const { hours } = ops_delivery.configuration;
		const blanks = "<i></i>".repeat(month.days[0].weekday);
		return `
			<section class="ops-month">
				<header>
					<b>${ops_delivery.configuration.YearView.month_name(month.month)}</b>
					<span>${__("{0} days", [month.working_days])} · ${hours(month.seconds)}</span>
				</header>
				<div class="ops-days">${blanks}${month.days.map((day) => this.day(day)).join("")}</div>
			</section>`;
	}

	day(day) {
		const { hours, escape, day: readable } = ops_delivery.configuration;
		const view = ops_delivery.configuration.YearView;
		const text = [
			readable(day.date, view.weekdays[day.weekday]),
			view.kinds()[day.kind],
			day.note,
			day.windows.join(", "),
			day.seconds ? hours(day.seconds) : "",
		]
			.filter(Boolean)
			.join(" · ");
		return `<i class="ops-day ops-${day.kind}" title="${escape(text)}" aria-label="${escape(text)}"
			>${Number(day.date.slice(8))}</i>`;
	}

	// From the browser: the words are translated for other senses (March, May) elsewhere
	static month_name(number) {
		const lang = (frappe.boot.lang || "en").replace("_", "-");
		return new Intl.DateTimeFormat(lang, { month: "long" }).format(new Date(2024, number - 1, 1));
	}

	static weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

	static kinds() {
		return {
			work: __("Working day"),
			off: __("Closed day"),
			holiday: __("Holiday", null, "Ops Delivery"),
			makeup: __("Make-up Workday"),
			special: __("Special Hours"),
		};
	}
};
