// What-if: a start and a target give a deadline, told day by day.
ops_delivery.configuration.WhatIf = class {
	constructor({ wrapper, get_doc }) {
		this.get_doc = get_doc;
		this.$wrapper = $(wrapper).addClass("ops-what-if");
		this.$wrapper.html(`<h5>${__("What if")}</h5>
			<p class="text-muted">${__("Work out a deadline with the hours above, also before they are saved.")}</p>
			<div class="ops-what-if-form"></div><div class="ops-what-if-answer" aria-live="polite"></div>`);
		this.fields = new frappe.ui.FieldGroup({
			body: this.$wrapper.find(".ops-what-if-form")[0],
			fields: [
				{
					fieldname: "start",
					fieldtype: "Datetime",
					label: __("The clock starts"),
					default: frappe.datetime.now_datetime(),
				},
				{ fieldtype: "Column Break" },
				{
					fieldname: "target",
					fieldtype: "Duration",
					label: __("Target (service hours)"),
					hide_days: 1,
					hide_seconds: 1,
					default: 8 * 3600,
				},
				{ fieldtype: "Column Break" },
				{
					fieldname: "work_out",
					fieldtype: "Button",
					label: __("Work out the deadline"),
					click: () => this.work_out(),
				},
			],
		});
		this.fields.make();
	}

	async work_out() {
		const { ask, problem } = ops_delivery.configuration;
		const { start, target } = this.fields.get_values(true) || {};
		const $answer = this.$wrapper.find(".ops-what-if-answer");
		if (!start || !target) {
			$answer.html(problem(__("Enter the start and a target above 0.")));
			return;
		}
		try {
			$answer.html(
				this.html(await ask("configuration.calendar_deadline", { doc: this.get_doc(), start, target }), target)
			);
		} catch (message) {
			$answer.html(problem(message));
		}
	}

	html(answer, target) {
		const { escape } = ops_delivery.configuration;
		const other =
			answer.site_zone === answer.time_zone
				? ""
				: `<div class="text-muted">${__("That is {0} in {1}, the site's time zone.", [
						frappe.datetime.str_to_user(answer.due_site),
						escape(answer.site_zone),
				  ])}</div>`;
		const closed = answer.closed_at_start
			? `<div class="text-muted">${__("The start lies outside the service hours: counting begins with the next window.")}</div>`
			: "";
		return `<div class="ops-deadline">${__("Deadline: {0} ({1})", [
			`<strong>${frappe.datetime.str_to_user(answer.due)}</strong>`,
			escape(answer.time_zone),
		])}</div>${other}${closed}
			<table class="table table-sm ops-lines"><tbody>
			${answer.lines.map((line) => this.line(line, target)).join("")}
			</tbody></table>`;
	}

	line(line, target) {
		const { hours, escape, day } = ops_delivery.configuration;
		if (line.kind === "more") {
			return `<tr class="text-muted"><td colspan="4">${__("… {0} more lines …", [line.days])}</td></tr>`;
		}
		if (line.kind === "closed") {
			const span =
				line.days === 1
					? day(line.date, line.weekday)
					: __("{0} to {1}", [day(line.date), day(line.until)], "Ops Delivery");
			return `<tr class="text-muted"><td>${span}</td>
				<td colspan="3">${[__("closed", null, "Service Calendar"), ...line.notes.map(escape)].join(" · ")}</td></tr>`;
		}
		const kind = { makeup: __("Make-up Workday"), special: __("Special Hours") }[line.exception];
		return `<tr><td>${day(line.date, line.weekday)}</td>
			<td>${line.windows.join(", ")}</td>
			<td>${__("{0} counted, {1} left", [hours(line.seconds), hours(target - line.total)])}</td>
			<td class="text-muted">${[kind, escape(line.note)].filter(Boolean).join(" · ")}</td></tr>`;
	}
};
