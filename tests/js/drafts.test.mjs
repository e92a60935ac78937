// What was typed and not sent: kept on the device for its user and its record, for a while, and thrown away part by part.
import assert from "node:assert/strict";
import { test } from "node:test";

import { desk, plain, storage } from "./desk.mjs";

const DAY = 86_400_000;

const form = ({ localStorage = storage(), user, waiting = [], now = 100 * DAY } = {}) => {
	const page = desk(["device.js", "visit/drafts.js"], {
		localStorage,
		user,
		clock: { now },
		more: { visit: { waiting: () => waiting, look: async () => ({}) } },
	});
	return { page, visit: page.ops_delivery.visit, frm: { doctype: "Field Service Sheet", doc: { name: "V1" } }, localStorage };
};

test("a draft is there again after the page was loaded anew", () => {
	const first = form();
	first.visit.keep_draft(first.frm, "rows", "r1:remark", "almost");
	const again = form({ localStorage: first.localStorage });
	assert.deepEqual(plain(again.visit.drafts(again.frm, "rows")), { "r1:remark": "almost" });
	assert.deepEqual(plain(again.visit.drafts(again.frm, "fields")), {});
});

test("it is its user's and its record's alone", () => {
	const first = form();
	first.visit.keep_draft(first.frm, "rows", "r1:remark", "mine");
	const other = form({ localStorage: first.localStorage, user: "colleague@example.com" });
	assert.deepEqual(plain(other.visit.drafts(other.frm, "rows")), {});
	assert.deepEqual(plain(first.visit.drafts({ ...first.frm, doc: { name: "V2" } }, "rows")), {});
});

test("one is dropped and the others stay; with the last one nothing is kept", () => {
	const { visit, frm, localStorage } = form();
	visit.keep_draft(frm, "rows", "a", "1");
	visit.keep_draft(frm, "rows", "b", "2");
	visit.keep_draft(frm, "fields", "c", "3");
	visit.drop_draft(frm, "rows", "a");
	assert.deepEqual(plain(visit.drafts(frm, "rows")), { b: "2" });
	visit.drop_draft(frm, "rows");
	assert.deepEqual(plain(visit.drafts(frm, "fields")), { c: "3" });
	visit.drop_draft(frm, "fields", "c");
	assert.equal(localStorage.getItem("ops_delivery_visit_drafts"), "{}");
});

test("after a fortnight a forgotten one goes", () => {
	const first = form();
	first.visit.keep_draft(first.frm, "rows", "a", "old");
	const later = form({ localStorage: first.localStorage, now: 115 * DAY });
	later.visit.keep_draft({ ...later.frm, doc: { name: "V2" } }, "rows", "b", "new");
	assert.deepEqual(plain(later.visit.drafts(later.frm, "rows")), {});
});

test("answers that wait for the connection are shown as given, the last one counts", () => {
	const waiting = [
		{ method: "answer", args: { row: "r1", answer: "No" } },
		{ method: "answer", args: { row: "r1", answer: "Yes" } },
		{ method: "answer", args: { row: "r1", remark: "seen" } },
		{ method: "depart", args: { row: "r2", answer: "never" } },
	];
	const { visit } = form({ waiting });
	const facts = { stages: [{ stage: "Before", points: [{ name: "r1", answer: "" }, { name: "r2", answer: "" }] }] };
	assert.deepEqual(plain(visit.as_answered(facts, "V1")).stages[0].points, [
		{ name: "r1", answer: "Yes", remark: "seen" },
		{ name: "r2", answer: "" },
	]);
	assert.equal(form().visit.as_answered(facts, "V1"), facts);
});

test("of the visits that were looked at the latest are kept, for who looked", () => {
	const { page, visit, localStorage } = form();
	for (let i = 0; i < 12; i += 1) {
		page.clock.now += 1000;
		visit.keep_facts(`V${i}`, { number: i });
	}
	assert.equal(visit.kept_facts("V0"), null);
	assert.deepEqual(plain(visit.kept_facts("V11")), { number: 11 });
	assert.equal(form({ localStorage, user: "colleague@example.com" }).visit.kept_facts("V11"), null);
});
