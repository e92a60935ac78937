// The dates of a year at a glance: twelve small months, each date marked; what was moved around days off and what lies behind the
// agreement's end look otherwise.
frappe.provide("ops_delivery.routine");

ops_delivery.once("routine_year.js", () => {
	const MONTHS = 12;
	const { esc } = ops_delivery;
	const said = (date, options) => date.toLocaleDateString(frappe.boot.lang, options);
	const iso = (date) => moment(date).format("YYYY-MM-DD");

	/** HTML of the months from this one on. `days`: [{day, moved, after_agreement}]. */
	ops_delivery.routine.year = (days) => {
		if (!days.length) return "";
		const marked = new Map(days.map((row) => [row.day, row]));
		const start = moment(frappe.datetime.get_today()).startOf("month");
		const months = [...Array(MONTHS).keys()].map((number) => month(start.clone().add(number, "months"), marked));
		const keys = [
			`<span><i class="ops-on"></i> ${__("{0} tasks in a year", [days.filter((row) => !row.after_agreement).length])}</span>`,
			days.some((row) => row.moved) ? `<span><i class="ops-on ops-moved"></i> ${__("moved around days off")}</span>` : "",
			days.some((row) => row.after_agreement) ? `<span><i class="ops-on ops-after"></i> ${__("after the end of the agreement: no task is made")}</span>` : "",
		];
		return `<div class="ops-year">${months.join("")}</div><p class="ops-year-keys text-muted">${keys.join("")}</p>`;
	};

	const month = (first, marked) => {
		const week = [...Array(7).keys()].map((number) => said(new Date(2024, 0, 1 + number), { weekday: "narrow" })); // a Monday
		const cells = [];
		for (let blank = (first.isoWeekday() + 6) % 7; blank; blank -= 1) cells.push("<td></td>");
		for (let day = first.clone(); day.month() === first.month(); day.add(1, "day")) {
			const row = marked.get(iso(day));
			const look = row ? `ops-on ${row.moved ? "ops-moved" : ""} ${row.after_agreement ? "ops-after" : ""}` : "";
			cells.push(`<td class="${look}">${row ? `<b>${day.date()}</b>` : day.date()}</td>`);
		}
		const rows = [];
		for (let at = 0; at < cells.length; at += 7) rows.push(`<tr>${cells.slice(at, at + 7).join("")}</tr>`);
		return `<table><caption>${esc(said(first.toDate(), { year: "numeric", month: "long" }))}</caption>
			<thead><tr>${week.map((name) => `<th scope="col">${esc(name)}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
	};
});
