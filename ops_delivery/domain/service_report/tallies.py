"""Requests of a period: reported, resolved and open at its end, by what they are told apart by (8.4.b.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Tally:
	"""The names of the requests that were reported within the period, resolved within it, and open at its end."""

	received: list[str]
	resolved: list[str]
	open: list[str]


def tally(requests: Iterable[Any], first: datetime, after: datetime) -> Tally:
	"""Count requests with `name`, `reported` and `over` (None: not over yet), all moments of one clock.

	A request that was reported before and is resolved within counts as resolved; one that is over after the end counts as open then.
	"""
	return by(requests, lambda _request: "", first, after).get("", Tally([], [], []))


def by(requests: Iterable[Any], key: Callable[[Any], str], first: datetime, after: datetime) -> dict[str, Tally]:
	"""The same of each group; those of which most were reported come first, then by name."""
	groups: dict[str, Tally] = {}
	for request in requests:
		places = _places(request, first, after)
		if not places:
			continue
		group = groups.setdefault(key(request), Tally([], [], []))
		for place in places:
			getattr(group, place).append(request.name)
	return dict(sorted(groups.items(), key=lambda pair: (-len(pair[1].received), -len(pair[1].open), pair[0])))


def _places(request: Any, first: datetime, after: datetime) -> list[str]:
	if request.reported >= after:
		return []
	places = ["received"] if request.reported >= first else []
	if request.over is not None and first <= request.over < after:
		places.append("resolved")
	if request.over is None or request.over >= after:
		places.append("open")
	return places
