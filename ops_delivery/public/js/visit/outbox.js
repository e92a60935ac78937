// Taps that the server has not heard yet. On the way to a customer there is not always a connection: what was tapped or
// typed is kept on the device and told later, with how long ago it was. The server's clock decides, not the device's.
frappe.provide("ops_delivery.visit");

ops_delivery.once("visit/outbox.js", () => {
	const KEY = "ops_delivery_visit_outbox";
	const AGAIN_AFTER = 15000;
	// told later without harm: they can be repeated, and carry no picture
	const LATER = ["depart", "arrive", "start_item", "finish_item", "answer", "confirm_arrival", "confirm_work"];
	const WAITS_FOR_TABS = 8000;
	let sending = null;

	const read = () => {
		try {
			return JSON.parse(localStorage.getItem(KEY) || "[]");
		} catch {
			return [];
		}
	};
	const mine = () => read().filter((row) => row.user === frappe.session.user);
	/** Do something that other tabs of this browser wait for (where the connection is secure; elsewhere browsers know no locks). */
	const alone = (what, act) =>
		navigator.locks
			? navigator.locks.request(`${KEY}:${what}`, { signal: AbortSignal.timeout(WAITS_FOR_TABS) }, act)
			: act();
	const change = (act) => alone("rows", () => localStorage.setItem(KEY, JSON.stringify(act(read()))));
	const keep = (row) => change((rows) => [...rows, row]);
	// another tab may have told it meanwhile: then it is not there any more, and nothing else goes
	const drop = (row) =>
		change((rows) => rows.filter((other) => other.id !== row.id || other.tapped !== row.tapped || other.method !== row.method));

	const { Offline, Refused } = ops_delivery.server;
	const post = (method, args) => ops_delivery.server.post(`visits.${method}`, args);
	const look = post; // asks for something, and is never told later

	/** Call a step; without a connection it is kept and told later. Resolves to {sent, message}; rejects if refused. */
	const tell = async (method, args) => {
		const tapped = Date.now();
		if (LATER.includes(method) && mine().length) {
			await flush(); // one after the other, as they were tapped
		}
		try {
			if (LATER.includes(method) && mine().length) throw new Offline();
			return { sent: true, message: await post(method, args) };
		} catch (error) {
			if (error instanceof Refused) {
				await ops_delivery.visit.released(() => frappe.msgprint({ title: __("Not possible"), message: error.message, indicator: "orange" }));
				throw error;
			}
			if (!LATER.includes(method)) {
				await ops_delivery.visit.released(() => frappe.msgprint(__("There is no connection. What you entered stays here; try again in a moment.")));
				throw error;
			}
			try {
				await keep({ id: frappe.utils.get_random(12), user: frappe.session.user, method, args, tapped });
			} catch (full) {
				await ops_delivery.visit.released(() => frappe.msgprint(__("There is no connection, and this device can keep nothing more. Stay on this page and tap again in a moment.")));
				throw full;
			}
			await ops_delivery.visit.released(() => frappe.show_alert({ message: __("No connection: kept on this device, told later."), indicator: "orange" }));
			return { sent: false };
		}
	};

	/** Tell what is kept, oldest first; several callers share one run. What the server refuses is shown and dropped. Returns how many were told. */
	const flush = () =>
		(sending ||= alone("told", run)
			.catch((error) => {
				if (!["AbortError", "TimeoutError"].includes(error.name)) throw error;
				return 0; // another tab is at it
			})
			.finally(() => (sending = null)));

	const run = async () => {
		let told = 0;
		for (let row = mine()[0]; row; row = mine()[0]) {
			const args = { ...row.args };
			const timed = ["depart", "arrive"].includes(row.method);
			if (timed) args.waited = Math.max(0, Math.round((Date.now() - row.tapped) / 1000));
			try {
				await post(row.method, args);
				told += 1;
			} catch (error) {
				if (error instanceof Offline) break;
				await ops_delivery.visit.released(() => frappe.msgprint({ title: __("Told later, and refused"), message: error.message, indicator: "red" }));
			}
			await drop(row);
		}
		return told;
	};

	const waiting = (name) => mine().filter((row) => row.args.name === name);

	const later = async () => {
		const told = mine().length ? await flush() : 0;
		const sent = await ops_delivery.visit.photos.send();
		if (!told && !sent) return;
		if (ops_delivery.visit.shown) ops_delivery.visit.reload(ops_delivery.visit.shown);
	};
	window.addEventListener("online", later);
	window.setInterval(later, AGAIN_AFTER);
	window.setTimeout(later, 500); // what was kept before the page was loaded anew

	Object.assign(ops_delivery.visit, { tell, flush, waiting, waiting_taps: mine, later, look, Offline });
});
