"""The Notifications of the key points, to begin with (6.3.f): seeded once, then the site's own.

Each is rendered in its reader's language, so the sentences stand in `_()`. Texts of the record go through ops_text().
What a template can use is listed in the administrator's guide (services/papers/jinja_methods.py).
"""

from __future__ import annotations

from typing import Any

from ops_delivery.setup import complaint_notices, routine_notices, seeds

MODULE = "Ops Delivery"
REQUEST = "<p><b>{{ doc.name }}: {{ ops_text(doc.subject) }}</b></p>"
SEE_REQUEST = '<p><a href="{{ ops_request_link(doc) }}">{{ _("See the request") }}</a></p>'
SEE_DESK = '<p><a href="{{ ops_desk_link(doc) }}">{{ _("Open it on the desk") }}</a></p>'
ANSWER = (
	'<p><a href="{{ ops_acceptance_link(doc) }}"><b>{{ _("Accept or reject the result") }}</b></a></p>'
	'<p>{{ _("The link is meant for you alone and needs no log-in. Please do not pass it on.") }}</p>'
)
AGREEMENT = "<p><b>{{ ops_text(doc.title) }}</b> · {{ ops_text(doc.customer_name or doc.customer) }}</p>"
SILENCE = "<p>{{ ops_silence(doc) }}</p>"
WORDS = (
	'{% set words = ops_message_words(doc) %}{% if words %}<p>{{ ops_text(ops_notice_details().get("by")) }}:</p>'
	'<blockquote style="white-space: pre-line">{{ words }}</blockquote>{% endif %}'
)
NOT_TOLD = (
	'<p>{{ ops_text((ops_notice_details().get("addresses") or []) | join(", ")) }}: '
	'{{ ops_text(ops_notice_details().get("reason")) }}</p>'
	'<p>{{ _("Put the address right, or tell them by another way; then press Try again on the notice.") }}</p>'
)
DESK = [{"cc": "{{ ops_desk_people(doc) }}"}]
RESULT = '<p>{{ _("What was done:") }}</p><div>{{ doc.resolution_details or "" }}</div>'


def _subject(sentence: str) -> str:
	return f'{{{{ doc.name }}}} {{{{ _("{sentence}") }}}}: {{{{ doc.subject }}}}'


def _customer(key_point: str, subject: str, *parts: str) -> dict[str, Any]:
	return {
		"subject": _subject(subject),
		"document_type": "Issue",
		"event": "Method",
		"method": key_point,
		"channel": "Email",
		"message_type": "HTML",
		"message": "\n".join((REQUEST, *parts)),
		"recipients": [{"receiver_by_document_field": "ops_customer_email"}],
		"enabled": 1,
		"is_standard": 0,
		"module": MODULE,
	}


def _assignee(key_point: str, subject: str, *parts: str, **values: Any) -> dict[str, Any]:
	return {
		"subject": _subject(subject),
		"document_type": "Issue",
		"event": "Method",
		"method": key_point,
		"channel": "Email",
		"send_system_notification": 1,
		"send_to_all_assignees": 1,
		"message_type": "HTML",
		"message": "\n".join((REQUEST, *parts, SEE_DESK)),
		"enabled": 1,
		"is_standard": 0,
		"module": MODULE,
		**values,
	}


def _agreement(key_point: str, subject: str, *parts: str) -> dict[str, Any]:
	return {
		"subject": f'{{{{ doc.agreement_number or doc.name }}}} {{{{ _("{subject}").format(ops_notice_details().get("last_day")) }}}}: {{{{ doc.title }}}}',
		"document_type": "Service Agreement",
		"event": "Method",
		"method": key_point,
		"channel": "Email",
		"send_system_notification": 1,
		"message_type": "HTML",
		"message": "\n".join((AGREEMENT, *parts, SEE_DESK)),
		"recipients": [{"receiver_by_document_field": "owner_user"}],
		"enabled": 1,
		"is_standard": 0,
		"module": MODULE,
	}


NOTIFICATIONS: dict[str, dict[str, Any]] = {
	"Request received (customer)": _customer(
		"ops_received",
		"received",
		'<p>{{ _("We have your report and will judge it at once.") }}'
		'{% if doc.response_by %} {{ _("You hear from us by {0}.").format(ops_time(doc.response_by)) }}{% endif %}</p>',
		'{% if doc.ops_agreement and not doc.ops_validity %}<p>{{ _("This time is provisional until we have judged your report; then you are told what we promise.") }}</p>{% endif %}',
		SEE_REQUEST,
	),
	"Request accepted (customer)": _customer(
		"ops_accepted",
		"taken on",
		'<p>{{ _("We have taken on your request with priority {0}.").format(_(doc.priority or "")) }}'
		'{% if ops_resolution_by(doc) %} {{ _("We promise to resolve it by {0}.").format(ops_time(ops_resolution_by(doc))) }}{% endif %}</p>',
		SEE_REQUEST,
	),
	"Request invalid (customer)": _customer(
		"ops_invalid",
		"not taken on",
		'<p>{{ _("We cannot take on your report, for this reason:") }}</p><p>{{ ops_text(doc.ops_invalid_reason) }}</p>',
		'<p>{{ _("If you see it differently, reply to this mail.") }}</p>',
		SEE_REQUEST,
	),
	"Request dispatched (customer)": _customer(
		"ops_dispatched",
		"in good hands",
		'<p>{{ _("Your request was given to the people who will solve it.") }}</p>',
		SEE_REQUEST,
	),
	"Engineer on the way (customer)": _customer(
		"ops_on_the_way",
		"engineer on the way",
		'<p>{{ _("Our engineer set out to you at {0}.").format(ops_time(doc.ops_departed_on)) }}</p>',
		SEE_REQUEST,
	),
	"Engineer arrived (customer)": _customer(
		"ops_arrived",
		"engineer on site",
		'<p>{{ _("Our engineer arrived at {0}.").format(ops_time(doc.ops_arrived_on)) }}</p>',
		SEE_REQUEST,
	),
	"Request paused (customer)": _customer(
		"ops_paused",
		"paused",
		'<p>{{ _("Work on your request is paused, for this reason:") }}</p>'
		'<p>{{ ops_text(ops_notice_details().get("reason") or doc.ops_pause_reason or _("(no reason given)")) }}</p>',
		SEE_REQUEST,
	),
	"Request resumed (customer)": _customer(
		"ops_resumed",
		"work goes on",
		'<p>{{ _("Work on your request goes on.") }}'
		'{% if ops_resolution_by(doc) %} {{ _("We promise to resolve it by {0}.").format(ops_time(ops_resolution_by(doc))) }}{% endif %}</p>',
		SEE_REQUEST,
	),
	"Request resolved (customer)": _customer(
		"ops_resolved",
		"resolved: your answer, please",
		RESULT,
		'<p>{{ _("Please try it and tell us whether it works.") }}</p>',
		SILENCE,
		ANSWER,
	),
	"Answer outstanding (customer)": _customer(
		"ops_reminded",
		"still waits for your answer",
		'<p>{{ _("We resolved your request and still wait for your answer.") }}</p>',
		RESULT,
		SILENCE,
		ANSWER,
	),
	"Request reopened (customer)": _customer(
		"ops_rejected",
		"reopened",
		'<p>{{ _("You rejected the result, so we go on working on it. Thank you for telling us why:") }}</p>'
		'<p>{{ ops_text(ops_notice_details().get("reason")) }}</p>',
		SEE_REQUEST,
	),
	"Request closed (customer)": _customer(
		"ops_closed",
		"closed",
		'<p>{{ _("Your request is closed. Thank you for your answer.") }}</p>',
		SEE_REQUEST,
	),
	"Counts as accepted (customer)": _customer(
		"ops_deemed",
		"counts as accepted",
		'<p>{{ _("As we had no answer in the agreed time, the result counts as accepted and the request is closed.") }}</p>'
		'<p>{{ _("If something does not work, reply to this mail or raise a new request.") }}</p>',
		SEE_REQUEST,
	),
	"Result rejected (assignee)": _assignee(
		"ops_rejected",
		"rejected by the customer",
		'<p>{{ _("The customer rejected the result; the clock goes on from what was left.") }}</p>'
		'<p>{{ ops_text(ops_notice_details().get("by")) }}: {{ ops_text(ops_notice_details().get("reason")) }}</p>',
	),
	"Result accepted (assignee)": _assignee(
		"ops_closed",
		"accepted by the customer",
		'<p>{{ _("The customer answered: {0}.").format(_(doc.ops_acceptance_status or "")) }}</p>',
	),
	"Counts as accepted (assignee)": _assignee(
		"ops_deemed",
		"counts as accepted",
		'<p>{{ _("The customer did not answer in the agreed time; the result counts as accepted.") }}</p>',
	),
	"Customer told more (assignee)": _assignee(
		"ops_information",
		"news from the customer",
		'<p>{{ _("The customer added information to the request.") }}</p>',
		recipients=DESK,
	),
	"Reply after the end (assignee)": _assignee(
		"ops_reply_after_end",
		"reply from the customer",
		'<p>{{ _("The customer replied to a request that is resolved or closed. It was not reopened; see what they say.") }}</p>',
		WORDS,
		'{% if doc.ops_acceptance_status == "Requested" %}<p>{{ _("The result waits for their answer. On the request you say whether this is one: accepted, rejected, or only a message.") }}</p>{% endif %}',
		recipients=DESK,
	),
	"New request (desk)": _assignee(
		"ops_new",
		"new request",
		'<p>{{ _("It came from {0}. Judge it, and give it to somebody.").format(ops_text(doc.customer_name or doc.customer or doc.raised_by)) }}</p>',
		recipients=DESK,
		send_to_all_assignees=0,
	),
	"Message from the customer (desk)": _assignee(
		"ops_message",
		"message from the customer",
		'<p>{{ _("Nobody is assigned to the request yet.") }}</p>',
		WORDS,
		recipients=DESK,
		send_to_all_assignees=0,
	),
	"Mail came back (staff)": _assignee(
		"ops_not_delivered",
		"a mail came back",
		'<p>{{ _("A mail about this request was not delivered, so its reader does not know what it says:") }}</p>',
		NOT_TOLD,
		recipients=DESK,
	),
	"Too many mails (desk)": {
		**_assignee("ops_mail_held", ""),
		"document_type": "Communication",
		"subject": '{{ _("Too many mails within an hour") }}: {{ doc.sender }}',
		"message": '<p>{{ _("{0} sends more mails than one sender may within an hour. What comes now opens no request and is answered by nobody: look whether a machine answers our mails, and make requests of what is one.").format(ops_text(doc.sender)) }}</p>'
		'<p><a href="{{ ops_desk_link(doc) }}">{{ _("Open it on the desk") }}</a></p>',
		"recipients": DESK,
		"send_to_all_assignees": 0,
	},
	"Request of an unknown sender (desk)": {
		**_assignee("ops_mail_unknown", ""),
		"document_type": "Communication",
		"subject": '{{ _("Request of an unknown sender") }}: {{ doc.subject }}',
		"message": '<p>{{ _("It came from {0}, whom no agreement in force covers, so nothing is promised and nobody was told that it was received. Choose the customer on the request, or answer it.").format(ops_text(doc.sender)) }}</p>'
		'<p><a href="{{ ops_reviewed_link(doc) }}">{{ _("Open it on the desk") }}</a></p>',
		"recipients": DESK,
		"send_to_all_assignees": 0,
	},
	"Agreement ends (person in charge)": _agreement(
		"ops_agreement_ending",
		"ends on {0}",
		'<p>{{ _("The agreement ends in {0} days, on {1}, and nothing follows it yet.").format(ops_notice_details().get("days"), ops_notice_details().get("last_day")) }}</p>',
		'<p>{{ _("Talk to the customer in good time. On its form one action makes the agreement that follows.") }}</p>',
	),
	"Agreement renews itself (person in charge)": _agreement(
		"ops_agreement_renewing",
		"renews itself after {0}",
		'<p>{{ _("The agreement ends on {0} and renews itself, as both parties agreed, unless one of them objects by {1}.").format(ops_notice_details().get("last_day"), ops_notice_details().get("objection_until")) }}</p>',
		'<p>{{ _("If the customer or we do not want that, record the objection on its form.") }}</p>',
	),
	"Agreed amount nearly used (person in charge)": {
		**_agreement(
			"ops_amount_nearly_used",
			"",
			'<p>{{ _("{0}: {1} of {2} are used ({3} %), and the period runs until {4}.").format(ops_text(ops_notice_details().get("what")), ops_notice_details().get("used"), ops_notice_details().get("at_hand"), ops_notice_details().get("share"), ops_notice_details().get("until")) }}</p>',
			'<p>{{ _("What goes beyond is agreed first or marked as extra, as the agreement says.") }}</p>',
		),
		"subject": '{{ doc.agreement_number or doc.name }} {{ _("agreed amount nearly used") }}: {{ doc.title }}',
	},
}


REVIEW = "<p><b>{{ _(doc.reference_doctype) }} {{ doc.reference_name }}: {{ ops_text(doc.reference_title) }}</b></p>"
DUE = '{% if doc.due_on %}<p>{{ _("Please decide by {0}.").format(ops_time(doc.due_on)) }}</p>{% endif %}'


def _review(key_point: str, subject: str, message: str, condition: str = "", **values: Any) -> dict[str, Any]:
	return {
		"subject": f'{{{{ doc.reference_name }}}} {{{{ _("{subject}") }}}}: {{{{ doc.reference_title }}}}',
		"document_type": "Service Review",
		"event": "Method",
		"method": key_point,
		"condition": condition,
		"channel": "Email",
		"message_type": "HTML",
		"message": "\n".join((REVIEW, message)),
		"enabled": 1,
		"is_standard": 0,
		"module": MODULE,
		**values,
	}


REVIEWS: dict[str, dict[str, Any]] = {
	"Review requested (reviewer)": _review(
		"ops_review_requested",
		"waits for your review",
		'<p>{{ _("You are asked to review it before it can become {0}.").format(_(doc.needed_before or "")) }}</p>'
		+ DUE
		+ '<p><a href="{{ ops_reviewed_link(doc) }}">{{ _("Read it and decide") }}</a></p>',
		'doc.party == "Internal"',
		send_to_all_assignees=1,
		send_system_notification=1,
	),
	"Review requested (customer)": _review(
		"ops_review_requested",
		"waits for your review",
		'<p>{{ _("Please read it and tell us whether you agree.") }}</p>'
		+ DUE
		+ '<p><a href="{{ ops_review_link(doc) }}">{{ _("Read it and decide") }}</a></p>',
		'doc.party == "Customer"',
		recipients=[{"receiver_by_document_field": "email,participants"}],
	),
	"Signature requested (customer)": {
		"subject": '{{ doc.name }} {{ _("waits for your signature") }}: {{ doc.title }}',
		"document_type": "Service Agreement",
		"event": "Method",
		"method": "ops_signature_requested",
		"channel": "Email",
		"message_type": "HTML",
		"message": "<p><b>{{ doc.name }}: {{ ops_text(doc.title) }}</b></p>"
		'<p>{{ _("All reviews are done. Please read the agreement and sign it.") }}</p>'
		'<p><a href="{{ ops_sign_link(doc) }}">{{ _("Read it and sign") }}</a></p>',
		"recipients": [{"cc": "{{ ops_customer_people(doc) }}"}],
		"enabled": 1,
		"is_standard": 0,
		"module": MODULE,
	},
	"Review concluded (requester)": _review(
		"ops_review_concluded",
		"review concluded",
		'<p>{{ _("The review by {0} ended: {1}.").format(_("the customer") if doc.party == "Customer" else _(doc.role or ""), _(doc.state, context=doc.doctype)) }}</p>'
		"{% for row in doc.participants if row.decided_on %}<p>{{ ops_text(row.full_name) }}: {{ _(row.decision, context=row.doctype) }}"
		"{% if row.opinion %} · {{ ops_text(row.opinion) }}{% endif %}</p>{% endfor %}"
		'<p><a href="{{ ops_reviewed_link(doc) }}">{{ _("Open it on the desk") }}</a></p>',
		send_system_notification=1,
		recipients=[{"receiver_by_document_field": "requested_by"}],
	),
}


SURVEY = "<p><b>{{ ops_survey_title(doc) }}</b>{% if doc.reference_title %} · {{ ops_text(doc.reference_title) }}{% endif %}</p>"
SURVEY_LINK = (
	'<p><a href="{{ ops_survey_link(doc) }}"><b>{{ _("Answer the survey") }}</b></a></p>'
	'<p>{{ _("It takes a minute or two and can be answered until {0}.").format(ops_day(doc.expires_on)) }}'
	'{% if doc.anonymous %} {{ _("Your answers are kept without your name.") }}{% endif %}</p>'
	'<p>{{ _("The link is meant for you alone and needs no log-in. Please do not pass it on.") }}</p>'
)


def _survey(key_point: str, subject: str, message: str) -> dict[str, Any]:
	return {
		"subject": f'{{{{ _("{subject}") }}}}{"" if subject.endswith("?") else ":"} {{{{ ops_survey_title(doc) }}}}',
		"document_type": "Service Survey",
		"event": "Method",
		"method": key_point,
		"condition": 'doc.state == "Asked"',
		"channel": "Email",
		"message_type": "HTML",
		"message": "\n".join((SURVEY, message, SURVEY_LINK)),
		"recipients": [{"receiver_by_document_field": "person_email"}],
		"enabled": 1,
		"is_standard": 0,
		"module": MODULE,
	}


SURVEYS: dict[str, dict[str, Any]] = {
	"Survey (customer)": _survey(
		"ops_survey_asked",
		"How was our service?",
		'<p>{{ _("We would like to know how our service was for you. Your answers help us to do better.") }}</p>',
	),
	"Survey reminder (customer)": _survey(
		"ops_survey_reminded",
		"Your opinion still counts",
		'<p>{{ _("We asked you about our service and have no answer yet. This is a friendly reminder.") }}</p>',
	),
}


def seed_notifications() -> list[str]:
	"""Plant those Notifications that were never planted on this site; returns the new names."""
	return seeds.plant(
		seeds.Seed("Notification", name, dict(values))
		for name, values in {
			**NOTIFICATIONS,
			**REVIEWS,
			**complaint_notices.NOTIFICATIONS,
			**routine_notices.NOTIFICATIONS,
			**SURVEYS,
		}.items()
	)
