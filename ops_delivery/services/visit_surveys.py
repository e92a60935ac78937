"""The one place where surveys of conformity and satisfaction hook in (7.2.d.1–2, 7.3.d.1–2)."""

from __future__ import annotations

from ops_delivery.services.time import site_now


def due(doc) -> None:
	"""A visit or session is over: the customer is to be asked how it went. Notes only that it is due, once."""
	doc.survey_due_on = doc.survey_due_on or site_now()
