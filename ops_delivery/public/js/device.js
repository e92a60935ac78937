// What is kept on the device: read and written so that neither a full store nor spoilt content stops anybody.
frappe.provide("ops_delivery");

ops_delivery.once("device.js", () => {
	/** What is kept under a key; an empty object where there is nothing that can be read. */
	const read = (key) => {
		try {
			return JSON.parse(localStorage.getItem(key) || "{}");
		} catch {
			return {};
		}
	};

	/** Keep a value under a key; whether it is kept. */
	const write = (key, value) => {
		try {
			localStorage.setItem(key, JSON.stringify(value));
			return true;
		} catch (error) {
			console.warn(error); // the device's store is full: what is typed stays on the screen
			return false;
		}
	};

	ops_delivery.device = { read, write };
});
