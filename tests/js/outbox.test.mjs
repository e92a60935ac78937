// Taps without a connection: kept, told once, in their order, as the user who tapped; what may not wait is refused at once.
import assert from "node:assert/strict";
import { test } from "node:test";

import { desk, plain, storage } from "./desk.mjs";

class Offline extends Error {}
class Refused extends Error {}

const phone = ({ localStorage = storage(), user, now = 1_000_000 } = {}) => {
	const server = { connected: true, told: [], refuses: [] };
	const post = async (method, args) => {
		if (!server.connected) throw new Offline("offline");
		if (server.refuses.includes(method)) throw new Refused(`not ${method}`);
		server.told.push([method, plain(args)]);
		return "done";
	};
	const page = desk(["visit/outbox.js"], {
		localStorage,
		user,
		clock: { now },
		more: { ops_delivery: { server: { Offline, Refused, post } } },
	});
	return { page, server, localStorage, visit: page.ops_delivery.visit };
};

test("with a connection a tap is told at once and nothing is kept", async () => {
	const { visit, server } = phone();
	assert.deepEqual(plain(await visit.tell("depart", { name: "V1" })), { sent: true, message: "done" });
	assert.deepEqual(server.told, [["visits.depart", { name: "V1" }]]);
	assert.equal(visit.waiting("V1").length, 0);
});

test("without one it is kept, and told later with how long ago it was", async () => {
	const { page, visit, server } = phone();
	server.connected = false;
	assert.deepEqual(plain(await visit.tell("depart", { name: "V1" })), { sent: false });
	assert.equal(visit.waiting("V1").length, 1);
	assert.match(page.shown[0], /No connection/);
	server.connected = true;
	page.clock.now += 90_000;
	assert.equal(await visit.flush(), 1);
	assert.deepEqual(server.told, [["visits.depart", { name: "V1", waited: 90 }]]);
	assert.equal(await visit.flush(), 0);
	assert.equal(server.told.length, 1);
});

test("the device's clock set back makes no tap come from the future", async () => {
	const { page, visit, server } = phone();
	server.connected = false;
	await visit.tell("arrive", { name: "V1" });
	server.connected = true;
	page.clock.now -= 600_000;
	await visit.flush();
	assert.equal(server.told[0][1].waited, 0);
});

test("taps are told in the order they were tapped, the earlier ones first", async () => {
	const { visit, server } = phone();
	server.connected = false;
	await visit.tell("start_item", { name: "V1", item: "a" });
	await visit.tell("finish_item", { name: "V1", item: "a" });
	server.connected = true;
	await visit.tell("start_item", { name: "V1", item: "b" });
	assert.deepEqual(
		server.told.map(([method, args]) => `${method} ${args.item}`),
		["visits.start_item a", "visits.finish_item a", "visits.start_item b"]
	);
});

test("what carries a picture, or is the customer's word, does not wait", async () => {
	const { page, visit, server } = phone();
	server.connected = false;
	await assert.rejects(visit.tell("sign", { name: "V1" }), Offline);
	assert.equal(visit.waiting("V1").length, 0);
	assert.match(page.shown[0], /stays here/);
});

test("what the server refuses later is shown, and holds up nothing", async () => {
	const { page, visit, server } = phone();
	server.connected = false;
	await visit.tell("start_item", { name: "V1", item: "a" });
	await visit.tell("answer", { name: "V1", row: "r" });
	server.connected = true;
	server.refuses = ["visits.start_item"];
	assert.equal(await visit.flush(), 1);
	assert.equal(page.shown.at(-1), "not visits.start_item");
	assert.equal(visit.waiting("V1").length, 0);
});

test("another user of the device neither tells nor sees them", async () => {
	const localStorage = storage();
	const first = phone({ localStorage });
	first.server.connected = false;
	await first.visit.tell("depart", { name: "V1" });
	const second = phone({ localStorage, user: "colleague@example.com" });
	assert.equal(second.visit.waiting("V1").length, 0);
	assert.equal(await second.visit.flush(), 0);
	assert.equal(first.visit.waiting("V1").length, 1);
});

test("a device that can keep nothing more says so", async () => {
	const { page, visit, server, localStorage } = phone();
	server.connected = false;
	localStorage.full = true;
	await assert.rejects(visit.tell("depart", { name: "V1" }), /Quota/);
	assert.match(page.shown[0], /can keep nothing more/);
});

test("two callers at once share one run", async () => {
	const { visit, server } = phone();
	server.connected = false;
	await visit.tell("depart", { name: "V1" });
	server.connected = true;
	await Promise.all([visit.flush(), visit.flush()]);
	assert.equal(server.told.length, 1);
});
