// A service clock that counts on by itself: with the hours the server sent, by how long ago that was, never by the device's own time.
import assert from "node:assert/strict";
import { test } from "node:test";

import { desk } from "./desk.mjs";

const NOON = Date.UTC(2026, 2, 2, 12) / 1000;
const HOUR = 3600;
const DEVICE = 5_000_000; // a device whose clock is decades behind

const started = (facts) => {
	const page = desk(["live_clock.js"], {
		clock: { now: DEVICE },
		more: { ops_delivery: { duration: (seconds) => `${Math.abs(seconds) / 60} min` } },
	});
	page.ops_delivery.moment = (iso) => iso;
	const clock = new page.ops_delivery.LiveClock({
		state: "Running",
		now: new Date(NOON * 1000).toISOString(),
		elapsed: HOUR,
		target: 4 * HOUR,
		upcoming: [
			[NOON - HOUR, NOON + HOUR],
			[NOON + 3 * HOUR, NOON + 6 * HOUR],
		],
		events: [],
		due: "due",
		...facts,
	});
	return { clock, wait: (seconds) => (page.clock.now = DEVICE + seconds * 1000) };
};

test("it counts service time alone", () => {
	const { clock, wait } = started();
	assert.equal(clock.used(), HOUR);
	wait(HOUR / 2);
	assert.equal(clock.used(), 1.5 * HOUR);
	assert.equal(clock.words(), "Running");
	wait(2 * HOUR); // closed since one
	assert.equal(clock.used(), 2 * HOUR);
	assert.equal(clock.words(), "Outside service hours");
	assert.match(clock.subline(), /counts again 2026-03-02T15:00:00/);
	wait(4 * HOUR);
	assert.equal(clock.used(), 3 * HOUR);
});

test("it looks soon, then late, and says by how much", () => {
	const { clock, wait } = started();
	wait(0.5 * HOUR);
	assert.equal(clock.look(), "running");
	assert.equal(clock.headline(), "150 min left");
	wait(4.5 * HOUR); // 3.5 of 4 hours used
	assert.equal(clock.look(), "soon");
	wait(5.5 * HOUR);
	assert.deepEqual([clock.look(), clock.words(), clock.headline()], ["late", "Missed", "30 min over the target"]);
	assert.equal(clock.subline(), "Was due due");
});

test("what stands still does not count on", () => {
	for (const [state, look, words] of [
		["Paused", "paused", "Paused"],
		["Met", "met", "Done in time"],
		["Cancelled", "cancelled", "Cancelled"],
	]) {
		const { clock, wait } = started({ state, stopped: "then" });
		wait(5 * HOUR);
		assert.deepEqual([clock.used(), clock.look(), clock.words()], [HOUR, look, words]);
	}
	const { clock } = started({ state: "Paused", elapsed: 5 * HOUR });
	assert.deepEqual([clock.look(), clock.words()], ["late", "Missed, paused"]);
});

test("a pause says why", () => {
	const { clock } = started({
		state: "Paused",
		events: [
			{ kind: "Pause", reason: "first" },
			{ kind: "Resume" },
			{ kind: "Pause", reason: "Waiting for parts" },
		],
	});
	assert.equal(clock.subline(), "Not counted: Waiting for parts");
});
