"""What is done with surveys once a day: asked by frequency, reminded of, ended (5.4.c)."""

from __future__ import annotations

import frappe

from ops_delivery.services.scope import occasions as survey_occasions
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.surveys import asking as surveys
from ops_delivery.services.surveys import rounds as survey_rounds
from ops_delivery.services.surveys import rules as survey_rules


def daily_run() -> dict[str, int]:
	"""Scheduled daily: ask by frequency, remind, let expire, close rounds. A rule that fails holds up no other."""
	counts = {"asked": open_due(), "expired": surveys.expire(), "reminded": surveys.remind()}
	counts["closed"] = survey_rounds.close_due()
	return counts


def open_due() -> int:
	"""Ask by frequency: every agreement whose period ends soon, once; returns how many surveys were made."""
	number = 0
	for rule in survey_rules.enabled(survey_occasions.FREQUENCY):
		for row, period in survey_rounds.due(rule, site_now().date()):
			doc = frappe.get_doc("Service Agreement", row.name)
			if survey_rounds.was_asked(rule, doc, period):
				continue  # asked once, all together
			frappe.db.savepoint("ops_survey_round")
			try:
				number += len(surveys.ask(rule, doc, period))
			except Exception as error:
				frappe.db.rollback(save_point="ops_survey_round")
				frappe.log_error(
					title=f"Ops Delivery: survey rule {rule.name} did not ask",
					message=f"Service Agreement {row.name}: {type(error).__name__}: {error}"[:1000],
					reference_doctype=survey_rules.DOCTYPE,
					reference_name=rule.name,
				)
	return number
