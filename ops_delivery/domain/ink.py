"""What a drawn signature must show: a line, not a tap, and something else than a blank or a filled sheet (7.2.c.1)."""

from __future__ import annotations

from ops_delivery.domain.errors import DomainError

LEAST_SPAN = 0.06  # of the picture's longer side: a dot of a pen is 0.01 to 0.02
MOST_INK = 0.6  # of its area


def check(width: int, height: int, box: tuple[int, int, int, int] | None, ink: int) -> None:
	"""`box`: left, top, right, bottom of what is dark; None where nothing is. `ink`: how many dark pixels there are.

	DomainError: signature_blank, signature_dot, signature_filled.
	"""
	if box is None or not ink:
		raise DomainError("signature_blank", "Nothing is drawn.", field="image")
	if ink > MOST_INK * width * height:
		raise DomainError("signature_filled", "The whole picture is dark.", field="image")
	left, top, right, bottom = box
	if max(right - left, bottom - top) < LEAST_SPAN * max(width, height):
		raise DomainError("signature_dot", "There is a dot, and no line.", field="image")
