// Fill a year of a Service Calendar: propose, show what changes and why, and only then take over.
ops_delivery.configuration.FillDialog = class {
	constructor({ frm, source }) {
		this.frm = frm;
		this.public = source === "public";
		this.dialog = new frappe.ui.Dialog({
			title: this.public ? __("Fill a year from the public calendar") : __("Fill a year from a Holiday List"),
			size: "extra-large",
			fields: [...(this.public ? this.public_fields() : this.list_fields()), { fieldname: "preview", fieldtype: "HTML" }],
			primary_action_label: __("Take over"),
			primary_action: () => this.take_over(),
		});
		this.dialog.show();
		this.dialog.disable_primary_action();
		if (this.public) this.load_countries();
		this.propose();
	}

	year_field() {
		const now = frappe.datetime.get_today();
		return {
			fieldname: "year",
			fieldtype: "Int",
			label: __("Year"),
			reqd: 1,
			default: Number(now.slice(0, 4)),
			change: () => this.propose(),
		};
	}

	list_fields() {
		return [
			{
				fieldname: "holiday_list",
				fieldtype: "Link",
				options: "Holiday List",
				label: __("Holiday List", null, "Ops Delivery"),
				reqd: 1,
				change: () => this.propose(),
			},
			{ fieldtype: "Column Break" },
			this.year_field(),
			{ fieldtype: "Section Break" },
		];
	}

	public_fields() {
		const weekdays = ops_delivery.configuration.YearView.weekdays;
		return [
			this.year_field(),
			{
				fieldname: "makeup_as",
				fieldtype: "Select",
				label: __("Make-up workdays work as"),
				options: [
					{ value: "", label: __("The weekday they stand in for") },
					...weekdays.map((day) => ({ value: day, label: __(day) })),
				],
				description: __("Monday where the packages do not say which day a make-up workday stands in for"),
				change: () => this.propose(),
			},
			{ fieldtype: "Column Break" },
			{
				fieldname: "country",
				fieldtype: "Autocomplete",
				label: __("Country"),
				reqd: 1,
				change: () => this.country_chosen(),
			},
			{
				fieldname: "take",
				fieldtype: "Select",
				label: __("Package", null, "Ops Delivery"),
				options: [
					{ value: "", label: __("Whichever is right for the year") },
					{ value: "chinesecalendar", label: "chinesecalendar" },
					{ value: "holidays", label: "holidays" },
				],
				depends_on: 'eval:doc.country=="CN"',
				change: () => this.propose(),
			},
			{ fieldtype: "Column Break" },
			{
				fieldname: "subdivision",
				fieldtype: "Autocomplete",
				label: __("Region"),
				description: __("Blank: the days that hold in the whole country"),
				change: () => this.propose(),
			},
			{ fieldtype: "Section Break" },
		];
	}

	async load_countries() {
		const { countries, own } = await ops_delivery.configuration.ask("configuration.public_calendar_countries", {});
		this.dialog.fields_dict.country.set_data(countries);
		if (own && countries.some((row) => row.value === own)) {
			await this.dialog.set_value("country", own);
		}
	}

	async country_chosen() {
		const country = this.dialog.get_value("country");
		if (country === this.country) return;
		this.country = country;
		await this.dialog.set_values({ subdivision: "", take: "" });
		if (country) {
			const regions = await ops_delivery.configuration.ask("configuration.public_calendar_regions", { country });
			this.dialog.fields_dict.subdivision.set_data(regions);
			this.dialog.set_df_property("subdivision", "hidden", regions.length ? 0 : 1);
		}
		this.propose();
	}

	propose() {
		clearTimeout(this.waiting);
		this.waiting = setTimeout(() => this.propose_now(), 300);
	}

	async propose_now() {
		const { ask, problem } = ops_delivery.configuration;
		const values = this.dialog.get_values(true, false) || {};
		delete values.preview;
		const $preview = this.dialog.get_field("preview").$wrapper;
		const turn = (this.turn = (this.turn || 0) + 1);
		this.dialog.disable_primary_action();
		if (!values.year || !(this.public ? values.country : values.holiday_list)) {
			$preview.html(
				`<p class="text-muted">${
					this.public
						? __("Choose a country and a year; what would change then appears here.")
						: __("Choose a Holiday List and a year; what would change then appears here.")
				}</p>`
			);
			return;
		}
		$preview.html(`<p class="text-muted">${__("Loading...")}</p>`);
		const method = this.public ? "fill_from_public_calendar" : "fill_from_holiday_list";
		try {
			const answer = await ask(`configuration.${method}`, { ...values, doc: this.frm.doc });
			if (turn !== this.turn) return;
			this.answer = answer;
			$preview.html(this.html(answer));
			if (this.changes().length) this.dialog.enable_primary_action();
		} catch (message) {
			if (turn === this.turn) $preview.html(problem(message));
		}
	}

	changes() {
		return this.answer.rows.filter((row) => ["add", "replace", "remove"].includes(row.action));
	}

	html(answer) {
		const { hours } = ops_delivery.configuration;
		const totals = __("{0} days, {1} → {2} days, {3}", [
			answer.before.days,
			hours(answer.before.seconds),
			`<b>${answer.after.days}`,
			`${hours(answer.after.seconds)}</b>`,
		]);
		return `<div class="ops-fill">
			${this.comparison(answer)}
			${answer.notes.map((note) => `<p class="text-muted">${ops_delivery.configuration.escape(note)}</p>`).join("")}
			<p>${__("The year with this calendar:")} ${totals}</p>
			${this.changes().length ? "" : `<p><b>${__("Nothing would change.")}</b></p>`}
			${this.rows(answer.rows)}</div>`;
	}

	comparison(answer) {
		const { escape, day } = ops_delivery.configuration;
		if (!answer.reason) return "";
		const known = answer.known
			.map(
				({ package: name, knows }) =>
					`<span class="indicator-pill ${knows ? "green" : "gray"}">${
						knows ? __("{0} knows the year", [name]) : __("{0} does not know the year", [name])
					}</span>`
			)
			.join(" ");
		const worked = (yes) => (yes ? __("a workday") : __("a day off"));
		const differences = answer.differences.length
			? `<table class="table table-sm table-bordered"><thead><tr>
				<th>${__("Date")}</th><th>holidays</th><th>chinesecalendar</th></tr></thead><tbody>${answer.differences
					.map(
						(row) =>
							`<tr><td>${day(row.date)}</td><td>${worked(row.holidays)}</td><td>${worked(
								row.chinesecalendar
							)}</td></tr>`
					)
					.join("")}</tbody></table>`
			: "";
		return `<p>${known}</p><p>${escape(answer.reason)}</p>${differences}`;
	}

	rows(rows) {
		const { escape, day, hours } = ops_delivery.configuration;
		const actions = {
			add: `<span class="indicator-pill green">${__("added", null, "Ops Delivery")}</span>`,
			replace: `<span class="indicator-pill orange">${__("replaces the earlier filling")}</span>`,
			remove: `<span class="indicator-pill red">${__("removed: no longer in the source")}</span>`,
			same: `<span class="text-muted">${__("already there")}</span>`,
			keep: `<span class="indicator-pill blue">${__("kept as entered by hand")}</span>`,
			closed: `<span class="indicator-pill gray">${__("left out: that weekday has no hours")}</span>`,
		};
		const effect = (row) =>
			row.before === row.after
				? `<span class="text-muted">${row.after ? hours(row.after) : __("closed anyway")}</span>`
				: `${row.before ? hours(row.before) : __("closed", null, "Service Calendar")} → <b>${row.after ? hours(row.after) : __("closed", null, "Service Calendar")}</b>`;
		const body = rows
			.map(
				(row) => `<tr><td>${day(row.date, row.weekday)}</td>
				<td>${__(row.kind, null, "Service Calendar Exception")}${row.as_weekday ? ` · ${__("as {0}", [__(row.as_weekday)])}` : ""}
				${row.guessed ? `<span class="indicator-pill orange">${__("weekday assumed")}</span>` : ""}
				<div class="text-muted">${escape(row.note)}</div></td>
				<td>${effect(row)}</td><td>${actions[row.action]}</td></tr>`
			)
			.join("");
		return `<div class="ops-fill-rows"><table class="table table-sm"><thead><tr><th>${__("Date")}</th>
			<th>${__("Becomes")}</th><th>${__("Service Hours")}</th><th></th></tr></thead><tbody>${body}</tbody></table></div>`;
	}

	take_over() {
		const frm = this.frm;
		const changes = this.changes();
		const dates = new Set(changes.map((row) => row.date));
		const kept = (frm.doc.exceptions || []).filter((row) => !dates.has(row.date));
		const added = changes.filter((row) => row.action !== "remove");
		const fields = ["date", "kind", "as_weekday", "start_time", "end_time", "note", "source"];
		const rows = [...kept, ...added]
			.map((row) => Object.fromEntries(fields.map((field) => [field, row[field] ?? null])))
			.sort((a, b) => (a.date < b.date ? -1 : 1));
		frm.clear_table("exceptions");
		rows.forEach((row) => Object.assign(frm.add_child("exceptions"), row));
		frm.refresh_field("exceptions");
		frm.dirty();
		frm.trigger("show_preview");
		this.dialog.hide();
		frappe.show_alert({
			message: __("{0} days were taken over. Look at the year, then save.", [changes.length]),
			indicator: "green",
		});
	}
};
