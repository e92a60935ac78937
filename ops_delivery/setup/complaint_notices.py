"""The Notifications of complaints and improvement actions, to begin with; seeded once like the others (5.3.c, 5.4.d)."""

from __future__ import annotations

from typing import Any

from ops_delivery.permissions.role_names import HANDLER, MANAGER

MODULE = "Ops Delivery"
HEAD = "<p><b>{{ doc.name }}: {{ ops_text(doc.subject) }}</b></p>"
SEE = '<p><a href="{{ ops_complaint_link(doc) }}">{{ _("See the complaint") }}</a></p>'
ANSWER = '<p><a href="{{ ops_complaint_link(doc) }}"><b>{{ _("Accept the result or appeal") }}</b></a></p>'
ALONE = '<p>{{ _("The link is meant for you alone and needs no log-in. Please do not pass it on.") }}</p>'
DESK = '<p><a href="{{ ops_desk_link(doc) }}">{{ _("Open it on the desk") }}</a></p>'
PEOPLE = [{"cc": "{{ ops_desk_people(doc) }}"}]  # the handler, or who chooses one
STAFF = [{"receiver_by_role": HANDLER}, {"receiver_by_role": MANAGER}]


def _notice(
	doctype: str, key_point: str, subject: str, title: str, *parts: str, **values: Any
) -> dict[str, Any]:
	return {
		"subject": f'{{{{ doc.name }}}} {{{{ _("{subject}") }}}}: {{{{ doc.{title} }}}}',
		"document_type": doctype,
		"event": "Method",
		"method": key_point,
		"channel": "Email",
		"message_type": "HTML",
		"message": "\n".join(parts),
		"enabled": 1,
		"is_standard": 0,
		"module": MODULE,
		**values,
	}


def _customer(key_point: str, subject: str, *parts: str) -> dict[str, Any]:
	return _notice(
		"Service Complaint",
		key_point,
		subject,
		"subject",
		HEAD,
		*parts,
		recipients=[{"receiver_by_document_field": "raised_by"}],
	)


def _staff(key_point: str, subject: str, *parts: str, **values: Any) -> dict[str, Any]:
	return _notice(
		"Service Complaint",
		key_point,
		subject,
		"subject",
		HEAD,
		*parts,
		DESK,
		send_system_notification=1,
		**values,
	)


NOTIFICATIONS: dict[str, dict[str, Any]] = {
	"Complaint received (customer)": _customer(
		"ops_complaint_received",
		"complaint received",
		'<p>{{ _("We have your complaint. Somebody independent will handle it, and you will hear from us.") }}</p>',
		"<p>{{ ops_complaint_process() }}</p>",
		SEE,
		ALONE,
	),
	"Complaint received (staff)": _staff(
		"ops_complaint_received",
		"complaint received",
		'<p>{{ _("Acknowledge it and choose an independent handler.") }}</p>',
		recipients=STAFF,
	),
	"Complaint acknowledged (customer)": _customer(
		"ops_complaint_acknowledged",
		"complaint acknowledged",
		'<p>{{ _("We have read your complaint and look into it. You will be told the result and its reasons.") }}</p>',
		SEE,
		ALONE,
	),
	"Complaint result (customer)": _customer(
		"ops_complaint_result",
		"result of your complaint",
		'<p>{{ _("We looked into your complaint. The result: {0}.").format(_(doc.result or "")) }}</p>',
		"<p>{{ ops_text(doc.result_text) }}</p>",
		'<p>{{ _("Please tell us whether you accept it. If not, somebody else looks at it, one level up.") }}</p>',
		ANSWER,
		ALONE,
	),
	"Complaint appealed (customer)": _customer(
		"ops_complaint_appealed",
		"appeal received",
		'<p>{{ _("You do not agree with the result. Somebody else, one level up, looks at your complaint now.") }}</p>',
		SEE,
		ALONE,
	),
	"Complaint appealed (staff)": _staff(
		"ops_complaint_appealed",
		"result appealed",
		'<p>{{ _("The customer does not agree. Choose another independent handler, one level up.") }}</p>',
		'<p>{{ ops_text(ops_notice_details().get("reason")) }}</p>',
		recipients=STAFF,
	),
	"Message about a complaint (handler)": _staff(
		"ops_complaint_message",
		"message from the customer",
		'<p>{{ _("The customer wrote to their complaint.") }}</p>',
		recipients=PEOPLE,
	),
	"Mail about a complaint came back (handler)": _staff(
		"ops_not_delivered",
		"a mail came back",
		'<p>{{ _("A mail about this complaint was not delivered, so its reader does not know what it says:") }}</p>',
		'<p>{{ ops_text((ops_notice_details().get("addresses") or []) | join(", ")) }}: {{ ops_text(ops_notice_details().get("reason")) }}</p>',
		recipients=PEOPLE,
	),
	"Complaint closed (customer)": _customer(
		"ops_complaint_closed",
		"complaint closed",
		'<p>{{ _("Your complaint is closed. Thank you for telling us.") }}</p>',
		SEE,
		ALONE,
	),
	"Complaint closed (handler)": _staff(
		"ops_complaint_closed",
		"complaint closed",
		"<p>{{ ops_text(doc.closed_reason) }}</p>",
		recipients=[{"receiver_by_document_field": "handler"}],
	),
	"Improvement told (customer)": _notice(
		"Improvement Action",
		"ops_improvement_told",
		"what we improve",
		"title",
		"<p><b>{{ ops_text(doc.title) }}</b></p>",
		"<p>{{ ops_text(doc.told_text) }}</p>",
		'<p><a href="{{ ops_improvement_link(doc) }}">{{ _("Tell us whether it helps") }}</a></p>',
		recipients=[{"cc": "{{ ops_improvement_people(doc) }}"}],
	),
	"Improvement answered (owner)": _notice(
		"Improvement Action",
		"ops_improvement_answered",
		"answered by the customer",
		"title",
		"<p><b>{{ doc.name }}: {{ ops_text(doc.title) }}</b></p>",
		'<p>{{ _("The customer answered: {0}.").format(_(doc.answer or "")) }} {{ ops_text(doc.answer_note) }}</p>',
		DESK,
		send_system_notification=1,
		recipients=[{"receiver_by_document_field": "owner_user"}],
	),
}
