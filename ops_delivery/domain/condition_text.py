"""A condition as text: read by Python's own parser, and quoted in messages (clause 6.3.b)."""

from __future__ import annotations

import ast
import unicodedata

from ops_delivery.domain.errors import DomainError

LONGEST = 4000  # characters of a condition


def parsed(text: str) -> ast.Expression:
	"""A condition as Python reads it; DomainError condition_blank, condition_too_long, condition_syntax."""
	source = unicodedata.normalize("NFKC", text or "").strip()
	if not source:
		raise DomainError("condition_blank", "There is no condition.", field="condition", value="")
	if len(source) > LONGEST:
		raise DomainError(
			"condition_too_long",
			"The condition is longer than {limit} characters.",
			field="condition",
			limit=LONGEST,
		)
	try:
		return ast.parse(f"({source}\n)", mode="eval")  # one expression may run over several lines
	except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
		raise DomainError(
			"condition_syntax",
			"The condition {value} cannot be read near position {position}.",
			field="condition",
			value=short(text),
			position=max(1, (getattr(error, "offset", None) or 1) - 1),
		) from None


def written(node: ast.AST) -> str:
	"""A part of a condition as one would write it."""
	try:
		return ast.unparse(node)
	except (RecursionError, ValueError, AttributeError):
		return type(node).__name__


def short(text: str) -> str:
	"""A text as long as a message can show it."""
	return text if len(text) <= 200 else f"{text[:199]}…"
