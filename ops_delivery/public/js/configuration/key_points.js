// The key points of an Issue in words. Included by the form and the list of Service Notice.
frappe.provide("ops_delivery");

ops_delivery.key_point = (method) => {
	const words = {
		ops_received: __("Report received", null, "Service Notice"),
		ops_accepted: __("Taken on", null, "Service Notice"),
		ops_invalid: __("Not taken on", null, "Service Notice"),
		ops_dispatched: __("Dispatched", null, "Service Notice"),
		ops_on_the_way: __("Engineer on the way", null, "Service Notice"),
		ops_arrived: __("Engineer on site", null, "Service Notice"),
		ops_paused: __("Work paused", null, "Service Notice"),
		ops_resumed: __("Work goes on", null, "Service Notice"),
		ops_resolved: __("Resolved, answer asked for", null, "Service Notice"),
		ops_reminded: __("Answer asked for again", null, "Service Notice"),
		ops_rejected: __("Result rejected", null, "Service Notice"),
		ops_information: __("Customer told more", null, "Service Notice"),
		ops_closed: __("Closed", null, "Service Notice"),
		ops_deemed: __("Counts as accepted", null, "Service Notice"),
		ops_reply_after_end: __("Reply after the end", null, "Service Notice"),
	};
	return words[method] || method;
};
