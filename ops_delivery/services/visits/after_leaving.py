"""After the engineer has left, or the session has ended: followed up (7.2.d, 7.3.d).

Surveys and records follow by themselves, from what before_leaving.leave tells; leftovers are tracked in leftovers.py.
"""

from __future__ import annotations

from ops_delivery.domain.visit import Phase
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits.guards import enter
from ops_delivery.services.visits.types import locked


def follow_up(doctype: str, name: str) -> None:
	"""Records are updated and every leftover is solved or waived: Followed Up (7.2.d, 7.3.d)."""
	doc = locked(doctype, name)
	doc.followed_up_on = site_now()
	enter(doc, Phase.FOLLOWED_UP)
