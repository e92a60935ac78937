"""The other agreement of a what-if: a file of its own, or this one with other targets."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace

from ops_delivery.domain.agreement_terms import Terms
from ops_delivery.domain.durations import parse_duration
from ops_delivery.domain.errors import DomainError
from ops_delivery.replay.errors import InputError, quote

OPTION = "--what-if"


def other_terms(terms: Terms, asked: Sequence[str], load: Callable[[str], Terms]) -> tuple[Terms, str]:
	"""The terms to compare with, and what to call them. InputError names what cannot be used.

	Each of `asked` is an agreement file, or a change: "Resolution=4h" (all its priorities), "Resolution/High=4h".
	"""
	other, names = terms, []
	for text in asked:
		if "=" in text and not os.path.exists(text):
			other = _changed(other, text)
			names.append(text.strip())
		else:
			other = load(text)
			names = [f"{other.agreement} ({os.path.basename(text)})"]
	return other, ", ".join(names)


def _changed(terms: Terms, text: str) -> Terms:
	left, _, length = text.rpartition("=")
	commitment, _, priority = (part.strip() for part in left.partition("/"))
	chosen = [t for t in terms.targets if t.commitment == commitment and priority in ("", t.priority)]
	if not chosen:
		known = dict.fromkeys(f"{t.commitment}/{t.priority}" for t in terms.targets)
		raise InputError(
			OPTION, f"{quote(left.strip())} has no target in the agreement (it has {', '.join(known)})"
		)
	try:
		seconds = parse_duration(length.strip())
		return replace(
			terms, targets=tuple(replace(t, seconds=seconds) if t in chosen else t for t in terms.targets)
		)
	except DomainError as error:
		raise InputError(OPTION, f"{text}: {error}")
