// What the parts of the page of clause evidence have in common: periods, pills, moments.
frappe.provide("ops_delivery.evidence");

ops_delivery.once("evidence/words.js", () => {
	const E = ops_delivery.evidence;
	E.STATES = ["Proven", "Thin", "Missing", "Not Applicable"];
	E.LENGTHS = [
		[1, __("Month")],
		[3, __("Quarter")],
		[6, __("Half-year")],
		[12, __("Year")],
	];
	E.esc = ops_delivery.esc;
	E.state_word = (state) => __(state, null, "Evidence Snapshot");
	E.pill = (state) => ops_delivery.pill(E.state_word(state), ops_delivery.colour("Evidence Snapshot", state), "");
	E.moment = (stored) => (stored ? frappe.datetime.str_to_user(stored).replace(/:\d\d$/, "") : "");
	E.day = (stored) => (stored ? frappe.datetime.str_to_user(String(stored).slice(0, 10)) : "");

	const text = (year, month) => `${year + Math.floor(month / 12)}-${String((((month % 12) + 12) % 12) + 1).padStart(2, "0")}-01`;
	const parts = (day) => [Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1];
	/** The first day of the month, quarter, half-year or year in which a day lies. */
	E.first_of = (day, months) => {
		const [year, month] = parts(day);
		return text(year, Math.floor(month / months) * months);
	};
	E.later = (first, months) => {
		const [year, month] = parts(first);
		return text(year, month + months);
	};
	E.last_of = (first, months) => frappe.datetime.add_days(E.later(first, months), -1);
	E.span = ({ first, months }) => `${E.day(first)} – ${E.day(E.last_of(first, months))}`;
	/** Counts as a bar with its words; who cannot see it reads them. */
	E.bar = (counts) => {
		const whole = E.STATES.reduce((sum, state) => sum + (counts[state] || 0), 0);
		const words = E.STATES.map((state) => `${E.state_word(state)}: ${counts[state] || 0}`).join(", ");
		const piece = (state) => (counts[state] ? `<i class="ops-${state.replace(" ", "-").toLowerCase()}" style="flex-grow:${counts[state]}"></i>` : "");
		return `<span class="ops-bar" role="img" aria-label="${E.esc(words)}" title="${E.esc(words)}">${whole ? E.STATES.map(piece).join("") : ""}</span>`;
	};
});
