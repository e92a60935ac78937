"""The words that introduce a section: a text with a few variables, and nothing that is run (8.3.b.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping

VARIABLES = ("customer", "agreement", "supplier", "from", "to", "period")
_NAMED = re.compile(r"\{\s*([^{}\s][^{}]*?)\s*\}")


def unknown(text: str | None) -> list[str]:
	"""What stands in braces and is none of VARIABLES, each once, in order."""
	return list(dict.fromkeys(name for name in _NAMED.findall(text or "") if name not in VARIABLES))


def fill(text: str | None, values: Mapping[str, str]) -> str:
	"""The text with its variables filled in; what is none of them stays as it is."""
	return _NAMED.sub(lambda found: values.get(found[1], found[0]) if found[1] in VARIABLES else found[0], text or "")
