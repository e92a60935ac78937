// What a form or page shows by itself, asked of the server.
frappe.provide("ops_delivery");

/**
 * Like frappe.xcall, for what is loaded without anybody's click. Without a connection newer Frappe has said so already and
 * gives the call up: then what waits for the answer does not go on, and the next refresh asks anew.
 */
ops_delivery.load = (method, args, verb) =>
	new Promise((resolve, reject) => {
		frappe.xcall(method, args, verb).then(resolve, (error) => {
			if (error || navigator.onLine) reject(error);
		});
	});
