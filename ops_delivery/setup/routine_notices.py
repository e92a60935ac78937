"""The Notifications of routine work and of machines, to begin with; seeded once like the others (6.2.b.4, 6.2.e)."""

from __future__ import annotations

from typing import Any

NOTIFICATIONS: dict[str, dict[str, Any]] = {
	"Routine work: what is asked (customer)": {
		"subject": '{{ _("Please confirm what you provide for routine work") }}: {{ doc.title }}',
		"document_type": "Routine Task",
		"event": "Method",
		"method": "ops_routine_asked",
		"channel": "Email",
		"message_type": "HTML",
		"message": "\n".join(
			(
				"<p><b>{{ ops_text(doc.title) }}</b> · {{ ops_day(doc.planned_on) }}</p>",
				'<p>{{ _("For this work we ask you to provide:") }}</p>',
				"<ul>{% for row in doc.assistance %}<li>{{ ops_text(row.details) }}"
				' ({{ _("Please confirm by {0}.").format(ops_day(row.needed_by)) }})</li>{% endfor %}</ul>',
				'<p><a href="{{ ops_round_link(doc) }}"><b>{{ _("Confirm it") }}</b></a></p>',
			)
		),
		"recipients": [{"cc": "{{ ops_customer_people(doc) }}"}],
		"enabled": 1,
		"is_standard": 0,
		"module": "Ops Delivery",
	},
	"Monitoring source silent (keeper)": {
		"subject": '{{ _("Monitoring source silent") }}: {{ doc.title }}',
		"document_type": "Monitoring Source",
		"event": "Method",
		"method": "ops_source_silent",
		"channel": "Email",
		"send_system_notification": 1,
		"message_type": "HTML",
		"message": "\n".join(
			(
				'<p>{{ _("{0} has sent nothing since {1}, longer than it usually takes.").format(ops_text(doc.title), ops_notice_details().get("since")) }}</p>',
				'<p>{{ _("Look at the machine and its connection. That it is back is noted by itself; switch the source off if nothing is to come.") }}</p>',
				'<p><a href="{{ ops_desk_link(doc) }}">{{ _("Open it on the desk") }}</a></p>',
			)
		),
		"recipients": [{"receiver_by_document_field": "keeper"}],
		"enabled": 1,
		"is_standard": 0,
		"module": "Ops Delivery",
	},
}
