// Ask the server past Frappe's own request, which says nothing at all when there is no connection: what cannot be told now is
// Offline, what the server refuses is Refused, with its words (HTML).
frappe.provide("ops_delivery");

ops_delivery.once("server.js", () => {
	const NOT_NOW = [429, 502, 503, 504, 508]; // too often, a proxy without its server, a deadlock

	class Offline extends Error {}
	class Refused extends Error {}

	const said = (answer) => {
		try {
			const messages = JSON.parse(answer._server_messages || "[]").map((row) => JSON.parse(row).message);
			if (messages.length) return messages.join("<br>");
		} catch {
			// no message to read
		}
		return frappe.utils.escape_html(answer.exception || __("This did not work. Try again."));
	};

	/** Post to a function of ours (its path under ops_delivery.api); resolves to its answer. */
	const post = async (path, args) => {
		let response;
		try {
			response = await fetch(`/api/method/ops_delivery.api.${path}`, {
				method: "POST",
				headers: {
					Accept: "application/json",
					"Content-Type": "application/json",
					"X-Frappe-CSRF-Token": frappe.csrf_token,
				},
				body: JSON.stringify(args),
			});
		} catch {
			throw new Offline();
		}
		if (NOT_NOW.includes(response.status)) throw new Offline();
		const answer = await response.json().catch(() => ({}));
		if (response.ok) return answer.message;
		if (answer.session_expired || response.status === 401 || answer.exc_type === "CSRFTokenError") throw new Offline(); // told after the log-in
		throw new Refused(said(answer));
	};

	ops_delivery.server = { post, Offline, Refused };
});
