"""The one place where surveys of conformity and satisfaction hook into visits (7.2.d.1–2, 7.3.d.1–2)."""

from __future__ import annotations

from ops_delivery.services import surveys
from ops_delivery.services.time import site_now


def due(doc) -> None:
	"""A visit or session is over: note it, once. Its customer is asked by `ask`, when that is saved."""
	doc.survey_due_on = doc.survey_due_on or site_now()


def ask(doc) -> None:
	"""The end of a visit or session is saved: ask by the rules of its kind."""
	surveys.happened(doc)
