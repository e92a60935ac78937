// The two faces of the board: a week as a table, and a day on a line of time. On a phone the day is a list.
frappe.provide("ops_delivery.dispatch");

(() => {
	const D = ops_delivery.dispatch;
	const { esc } = D;
	const minutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

	const conflicts = (row, key) => row.conflicts[key] || [];

	/** Cards that nobody has, that have no time, or whose day is over. Dropping one here takes its time away. */
	D.queue = (board, wanted, open) => {
		const over = (card) =>
			card.start && card.engineers.length ? [{ code: "over", text: __("It has not begun, and its day is over") }] : [];
		const cards = board.unplanned
			.map((key) => board.visits[key])
			.filter(wanted)
			.map((card) => D.card(card, "", over(card)))
			.concat(board.open_rounds.map((key) => board.rounds[key]).filter(wanted).map((card) => D.round(card, "")));
		return `<details class="ops-queue" data-drop="queue" ${open ? "open" : ""}><summary><b>${__("To be planned")}</b>
			<span class="text-muted">${cards.length}${board.cut ? "+" : ""}</span></summary>
			<div class="ops-queue-cards">${cards.join("") || `<span class="text-muted">${__("Everything has a time and an engineer.")}</span>`}</div></details>`;
	};

	const off = (day) =>
		day.away ? `<span class="ops-off">${esc(day.away)}</span>` : day.off ? `<span class="ops-off">${__("Day off")}</span>` : "";

	const hours = (day) =>
		day.hours.length ? `<span class="ops-hours">${esc(`${day.hours[0][0]}–${day.hours[day.hours.length - 1][1]}`)}</span>` : "";

	/** Routine work has a day and no hour: it stands below the visits. */
	const rounds = (board, row, day, wanted) =>
		row.rounds[day.date]
			.map(({ key, warnings }) => [board.rounds[key], warnings])
			.filter(([card]) => wanted(card))
			.map(([card, warnings]) => D.round(card, row.user, warnings))
			.join("");

	const stack = (board, row, day, wanted) =>
		day.visits
			.filter((key) => wanted(board.visits[key]))
			.map((key) => D.way(day.ways[key]) + D.card(board.visits[key], row.user, conflicts(row, key)))
			.join("") + rounds(board, row, day, wanted);

	D.week = (board, rows, wanted) => `<div class="ops-scroll"><table class="ops-week"><thead><tr><th scope="col">${__("Engineer")}</th>${board.dates
		.map(
			(date) => `<th scope="col" class="${date === board.today ? "ops-today" : ""}">
				<button type="button" class="btn btn-link" data-day="${date}">${esc(D.weekday(date))}</button></th>`
		)
		.join("")}</tr></thead><tbody>${rows
		.map(
			(row) => `<tr><th scope="row">${D.engineer(row, board.levels)}</th>${row.days
				.map(
					(day) => `<td data-drop="day" data-date="${day.date}" data-user="${esc(row.user)}"
						data-from="${day.hours.length ? day.hours[0][0] : ""}" class="${day.off || day.away ? "ops-free" : ""}
						${day.date === board.today ? "ops-today" : ""}">${off(day) || hours(day)}${stack(board, row, day, wanted)}</td>`
				)
				.join("")}</tr>`
		)
		.join("")}</tbody></table></div>`;

	/** A phone: one engineer below the other. */
	D.list = (board, rows, wanted) =>
		`<div class="ops-daylist">${rows
			.map((row) => {
				const day = row.days[0];
				return `<section><header>${D.engineer(row, board.levels)} ${off(day) || hours(day)}</header>${
					stack(board, row, day, wanted) || `<div class="text-muted ops-tiny">${__("Nothing planned")}</div>`
				}</section>`;
			})
			.join("")}</div>`;

	/** Which part of the day is drawn: working hours and visits, never less than 8 to 18. */
	const span = (board, rows) => {
		const date = board.dates[0];
		let from = 480;
		let to = 1080;
		for (const row of rows) {
			for (const [a, b] of row.days[0].hours) {
				if (minutes(b) - minutes(a) > 1200) continue; // around the clock says nothing
				from = Math.min(from, minutes(a));
				to = Math.max(to, minutes(b));
			}
			for (const key of row.days[0].visits) {
				const [a, b] = piece(board.visits[key], date);
				from = Math.min(from, a);
				to = Math.max(to, b);
			}
		}
		return [Math.floor(from / 60) * 60, Math.ceil(to / 60) * 60];
	};

	/** The minutes of a day that a visit takes; what has no end takes an hour. */
	const piece = (card, date) => {
		const a = card.start.slice(0, 10) < date ? 0 : minutes(D.clock(card.start));
		if (!card.end) return [a, Math.min(1440, a + 60)];
		return [a, card.end.slice(0, 10) > date ? 1440 : minutes(D.clock(card.end))];
	};

	D.day = (board, rows, wanted) => {
		const date = board.dates[0];
		const [from, to] = span(board, rows);
		const at = (minute) => `${(((minute - from) * 100) / (to - from)).toFixed(3)}%`;
		const wide = (length) => `${((length * 100) / (to - from)).toFixed(3)}%`;
		const marks = [];
		for (let minute = from; minute < to; minute += 60) {
			marks.push(`<span style="inset-inline-start:${at(minute)}">${String(minute / 60).padStart(2, "0")}</span>`);
		}
		const lane_of = (ends, a, b) => {
			const free = ends.findIndex((end) => end <= a);
			const lane = free < 0 ? ends.length : free;
			ends[lane] = b;
			return lane;
		};
		return `<div class="ops-scroll"><div class="ops-line-day"><div class="ops-line-head"><b>${__("Engineer")}</b><div>${marks.join("")}</div></div>${rows
			.map((row) => {
				const day = row.days[0];
				const ends = [];
				const cards = day.visits
					.filter((key) => wanted(board.visits[key]))
					.map((key) => {
						const card = board.visits[key];
						const [a, b] = piece(card, date);
						const lane = lane_of(ends, a, b);
						const way = day.ways[key];
						const travel = way
							? `<i class="ops-travel ${way.short ? "ops-short" : ""}" style="inset-inline-start:${at(Math.max(from, a - way.needed))};
								width:${wide(a - Math.max(from, a - way.needed))};top:${lane * 78 + 6}px" title="${esc(__("{0} minutes between them, {1} are needed", [way.free, way.needed]))}"></i>`
							: "";
						return travel + D.card(card, row.user, conflicts(row, key), `style="inset-inline-start:${at(a)};width:${wide(b - a)};top:${lane * 78 + 4}px"`);
					});
				const open = day.hours
					.map(([a, b]) => {
						const first = Math.max(from, minutes(a));
						const last = Math.min(to, minutes(b));
						return last > first ? `<i class="ops-worked" style="inset-inline-start:${at(first)};width:${wide(last - first)}"></i>` : "";
					})
					.join("");
				return `<div class="ops-line"><div class="ops-line-who">${D.engineer(row, board.levels)}${off(day)}${rounds(board, row, day, wanted)}</div>
					<div class="ops-line-time ${row.hours_known ? "" : "ops-unknown"}" data-drop="time" data-date="${date}" data-user="${esc(row.user)}"
					data-begin="${from}" data-end="${to}" style="min-height:${Math.max(1, ends.length) * 78 + 8}px">${open}${cards.join("")}</div></div>`;
			})
			.join("")}</div></div>`;
	};
})();
