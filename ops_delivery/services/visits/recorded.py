"""A visit that is over is on record: whoever counts it is told, also of what is corrected afterwards (5.3.b)."""

from __future__ import annotations

from ops_delivery.domain.events import WorkRecorded
from ops_delivery.domain.visit import Phase
from ops_delivery.services.shared import events
from ops_delivery.services.visits.types import rank_of

OVER = Phase.LEFT  # from which on it has taken place


def tell(doc) -> None:
	"""After a save of a visit or session."""
	if rank_of(doc) >= OVER:
		events.tell(WorkRecorded(doc.doctype, doc.name))
