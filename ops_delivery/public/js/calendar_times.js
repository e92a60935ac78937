/**
 * Frappe's calendar takes what was dragged for an instant of the browser's zone, so in another one than the site's it came to
 * lie hours or a day elsewhere, and it sends the day after the last one. What it shows is the day and time as the person
 * reads them everywhere else; these are sent. `whole_days`: of dates without a time, which are the same in every zone.
 */
ops_delivery.as_shown = (whole_days = false) => {
	const two = (number) => String(number).padStart(2, "0");
	/** A moment of the older calendar or a Date of the newer one, as it is shown: year-month-day hours:minutes:seconds. */
	const shown = (at) => {
		if (at.format) return at.clone().locale("en").format("YYYY-MM-DD HH:mm:ss");
		const date = new Date(at);
		return `${[date.getFullYear(), date.getMonth() + 1, date.getDate()].map(two).join("-")} ${[
			date.getHours(),
			date.getMinutes(),
			date.getSeconds(),
		]
			.map(two)
			.join(":")}`;
	};
	if (!whole_days) return { get_system_datetime: (at) => frappe.datetime.convert_to_system_tz(shown(at)) };

	const day = (at) => shown(at).slice(0, 10);
	/** The last day of what ends before this moment. */
	const last_day = (end) => moment.utc(shown(end)).subtract(1, "second").locale("en").format("YYYY-MM-DD");
	return {
		get_system_datetime: day,
		get_update_args(event) {
			const { field_map, doctype } = this;
			const args = { doctype, name: event.id };
			args[field_map.start] = day(event.start);
			args[field_map.end] = event.end ? last_day(event.end) : day(event.start);
			return { args, field_map };
		},
		prepare_events(events) {
			const host = frappe.views.Calendar.prototype;
			const rows = host.prepare_events.call(this, events);
			// the calendar of Frappe 16 leaves the last day out
			if (!host.fix_end_date_for_event_render) rows.forEach((row) => (row.end = frappe.datetime.add_days(row.end, 1)));
			return rows;
		},
	};
};

/** The calendar of visits or sessions, whose events api/dispatch.py gives. */
ops_delivery.calendar_of_visits = () => ({
	...ops_delivery.as_shown(),
	field_map: {
		start: "planned_start",
		end: "planned_end",
		id: "name",
		title: "label",
		color: "color",
	},
	order_by: "planned_start",
	options: {
		eventLimit: 4,
		timeFormat: "HH:mm",
		slotLabelFormat: "HH:mm",
		locale: frappe.boot.lang === "zh" ? "zh-cn" : frappe.boot.lang, // the calendar's name for it
	},
	get_events_method: "ops_delivery.api.dispatch.get_events",
});
