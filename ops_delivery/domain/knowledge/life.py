"""The life of a knowledge article, and for whom it is (5.3.f, 8.4.a.2)."""

from __future__ import annotations

from collections.abc import Collection

DRAFT, IN_REVIEW, PUBLISHED, RETIRED = "Draft", "Internal Review", "Published", "Retired"
PATH, OFF_PATH = (DRAFT, IN_REVIEW, PUBLISHED), (RETIRED,)
INTERNAL, ALL, CHOSEN = "Internal", "All Customers", "Chosen Customers"
STEPS: dict[str, tuple[str, ...]] = {
	DRAFT: (IN_REVIEW, RETIRED),
	IN_REVIEW: (PUBLISHED, DRAFT),
	PUBLISHED: (RETIRED, DRAFT),
	RETIRED: (DRAFT,),
}


def may_follow(was: str, now: str) -> bool:
	"""Whether a phase may follow another; each may stay. Back to Draft from Published is a revision, the next version."""
	return was == now or now in STEPS.get(was, ())


def shown_to_customers(audience: str | None, status: str | None, named: Collection[str], customers: Collection[str]) -> bool:
	"""Whether somebody of these customers may read an article: published, and for all of them or for one that is `named`."""
	if status != PUBLISHED or not customers:
		return False
	return audience == ALL or (audience == CHOSEN and not {*named}.isdisjoint(customers))
