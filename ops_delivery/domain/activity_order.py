"""Activities that come after one another: no loop, none planned or begun too early (clauses 5.2.b, 5.3.a)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from ops_delivery.domain.planning import CANCELLED, COMPLETED, OVER, Activity

Key = TypeVar("Key", bound=Hashable)


def find_loop(predecessors: Mapping[Key, Iterable[Key]]) -> list[Key]:
	"""A loop in "comes after" as the activities along it, the first one once more at the end; [] where there is none.

	Linear in activities and links; works without recursion, so a chain may be of any length.
	"""
	white, grey, black = 0, 1, 2
	colour: dict[Key, int] = {}
	for root in predecessors:
		if colour.get(root, white) != white:
			continue
		path: list[Key] = [root]
		stack = [iter(predecessors.get(root, ()))]
		colour[root] = grey
		while stack:
			step = next(stack[-1], None)
			if step is None:
				colour[path.pop()] = black
				stack.pop()
			elif colour.get(step, white) == grey:
				# read along the work: whoever comes first stands first
				return list(reversed([*path[path.index(step) :], step]))
			elif colour.get(step, white) == white:
				colour[step] = grey
				path.append(step)
				stack.append(iter(predecessors.get(step, ())))
	return []


def begun_before(
	activities: Mapping[str, Activity], predecessors: Mapping[str, Iterable[str]]
) -> dict[str, list[str]]:
	"""Activities that began before one they come after was over: name → those (5.3.a deviation)."""
	found: dict[str, list[str]] = {}
	for name, earlier in predecessors.items():
		activity = activities.get(name)
		if not activity or not activity.actual_start or activity.state == CANCELLED:
			continue
		open_ones = [
			other
			for other in earlier
			if (before := activities.get(other))
			and before.state != CANCELLED
			and (
				before.state != COMPLETED or (before.actual_end and before.actual_end > activity.actual_start)
			)
		]
		if open_ones:
			found[name] = open_ones
	return found


def conflicts(
	activities: Mapping[str, Activity], predecessors: Mapping[str, Iterable[str]]
) -> dict[str, list[str]]:
	"""Activities planned to begin before one they come after is planned to end: name → those."""
	found: dict[str, list[str]] = {}
	for name, earlier in predecessors.items():
		activity = activities.get(name)
		if not activity or activity.state in OVER:
			continue
		clashes = [
			other
			for other in earlier
			if (before := activities.get(other))
			and before.state != CANCELLED
			and before.planned_end > activity.planned_start
		]
		if clashes:
			found[name] = clashes
	return found
