// A desk that is small enough for a test: our scripts run in a context of their own, with what they ask of Frappe and of the browser.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const SCRIPTS = fileURLToPath(new URL("../../ops_delivery/public/js/", import.meta.url));

/** A device's storage, as a browser has it: texts by key, a failing one where it is `full`. */
export const storage = () => {
	const kept = new Map();
	return {
		full: false,
		getItem: (key) => kept.get(key) ?? null,
		setItem(key, value) {
			if (this.full) throw new Error("QuotaExceededError");
			kept.set(key, String(value));
		},
		removeItem: (key) => kept.delete(key),
	};
};

/** Run scripts of ours in order; `clock.now` is the time in milliseconds. Returns the context, with what was shown to the user. */
export const desk = (scripts, { user = "engineer@example.com", localStorage = storage(), clock = { now: 0 }, more = {} } = {}) => {
	const shown = [];
	let number = 0;
	class Now extends Date {
		constructor(...given) {
			super(...(given.length ? given : [clock.now]));
		}
		static now = () => clock.now;
	}
	const context = {
		Date: Now,
		localStorage,
		navigator: {},
		console,
		shown,
		clock,
		__: (text, values = []) => text.replace(/\{(\d)\}/g, (_all, at) => values[at]),
		addEventListener() {},
		setInterval() {},
		setTimeout() {},
		CSS: { escape: (text) => text },
		ops_delivery: {
			once: (_file, run) => run(),
			visit: { released: async (say) => say(), photos: { send: async () => 0 }, ...more.visit },
			...more.ops_delivery,
		},
		frappe: {
			provide() {},
			session: { user },
			boot: { time_zone: { system: "UTC" } },
			utils: { get_random: () => `random-${(number += 1)}` },
			msgprint: (said) => shown.push(said.message || said),
			show_alert: (said) => shown.push(said.message),
			...more.frappe,
		},
	};
	context.window = context;
	vm.createContext(context);
	for (const script of scripts) vm.runInContext(readFileSync(SCRIPTS + script, "utf-8"), context, { filename: script });
	return context;
};

/** What came out of a context, as values of this one: so that they can be compared. */
export const plain = (value) => JSON.parse(JSON.stringify(value));
