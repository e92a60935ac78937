// The key points in words: what has happened, and people are told of. Included by the form and the list of Service Notice.
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
		ops_review_requested: __("Review requested"),
		ops_review_concluded: __("Review concluded"),
		ops_signature_requested: __("Signature requested"),
		ops_agreement_ending: __("Agreement ends soon"),
		ops_agreement_renewing: __("Agreement is about to renew"),
		ops_survey_asked: __("Survey sent"),
		ops_survey_reminded: __("Survey: answer asked for again"),
		ops_survey_low: __("Survey: low score"),
		ops_complaint_received: __("Complaint received"),
		ops_complaint_acknowledged: __("Complaint acknowledged"),
		ops_complaint_result: __("Result of the complaint told"),
		ops_complaint_appealed: __("Complaint appealed"),
		ops_complaint_closed: __("Complaint closed"),
		ops_improvement_told: __("Improvement told"),
		ops_improvement_answered: __("Improvement: the customer answered"),
		ops_clock_started: __("Clock started"),
		ops_clock_paused: __("Clock paused"),
		ops_clock_resumed: __("Clock goes on"),
		ops_clock_met: __("Clock met"),
		ops_clock_reopened: __("Clock reopened"),
		ops_clock_cancelled: __("Clock cancelled"),
	};
	return words[method] || method;
};
