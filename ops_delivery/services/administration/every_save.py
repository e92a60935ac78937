"""What is asked with every save of every record, in this order: one function an event, as finding each by its name and calling it
by itself costs Frappe more than most of them do.
"""

from __future__ import annotations

from typing import Any

from ops_delivery.permissions import steps
from ops_delivery.services.administration import guarded_records, own_mandatory
from ops_delivery.services.clocks import planning
from ops_delivery.services.shared import field_types, number_bounds, plain_texts


def before_validate(doc: Any, method: str | None = None) -> None:
	"""doc_events "*".before_validate: types first, then bounds, then what is written by steps only."""
	field_types.cast(doc, method)
	number_bounds.check(doc, method)
	steps.guard(doc, method)
	plain_texts.keep_typed(doc, method)
	guarded_records.guard_attach_fields(doc, method)


def before_save(doc: Any, method: str | None = None) -> None:
	"""doc_events "*".before_save: the clocks are planned before anybody looks for what is missing."""
	planning.before_save(doc, method)
	own_mandatory.let_pass(doc, method)
