// The key points of an Issue in words. Included by the form and the list of Service Notice.
frappe.provide("ops_delivery");

ops_delivery.key_point = (method) => {
	const words = {
		ops_received: __("Report received"),
		ops_accepted: __("Taken on", null, "Service Notice"),
		ops_invalid: __("Not taken on"),
		ops_dispatched: __("Dispatched"),
		ops_on_the_way: __("Engineer on the way"),
		ops_arrived: __("Engineer on site"),
		ops_paused: __("Work paused"),
		ops_resumed: __("Work goes on"),
		ops_resolved: __("Resolved, answer asked for"),
		ops_reminded: __("Answer asked for again"),
		ops_rejected: __("Result rejected"),
		ops_information: __("Customer told more"),
		ops_closed: __("Closed"),
		ops_deemed: __("Counts as accepted"),
		ops_reply_after_end: __("Reply after the end"),
		ops_new: __("New request"),
		ops_message: __("Message from the customer"),
		ops_not_delivered: __("A mail came back"),
		ops_complaint_message: __("Message about a complaint"),
		ops_mail_held: __("Too many mails"),
	};
	return words[method] || method;
};
