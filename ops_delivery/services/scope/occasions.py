"""After what customers are asked: the occasions of a Survey Rule, each with its record type and phases (5.4.c)."""

from __future__ import annotations

from dataclasses import dataclass

FREQUENCY = "By Frequency"
ROUTINE, RESPONSE = "Routine Operation", "Response Support"
OPTIMIZATION, CONSULTING = "Optimization and Improvement", "Consultation and Evaluation"
CONTENTS = (ROUTINE, RESPONSE, OPTIMIZATION, CONSULTING)


@dataclass(frozen=True)
class Occasion:
	"""After what is asked: the record's DocType, the phases in which it is over, what its answers count for."""

	doctype: str
	over: tuple[str, ...]
	content: str = ""


OCCASIONS: dict[str, Occasion] = {
	"After a Request Is Closed": Occasion("Issue", ("Closed",), RESPONSE),
	"After a Visit": Occasion("Field Service Sheet", ("Left", "Followed Up")),
	"After a Remote Session": Occasion("Remote Support Session", ("Ended", "Followed Up")),
	"After an Optimization Plan Is Closed": Occasion("Optimization Plan", ("Closed",), OPTIMIZATION),
	"After a Consulting Report Is Issued": Occasion(
		"Consulting Report", ("Issued", "Followed Up"), CONSULTING
	),
	FREQUENCY: Occasion("Service Agreement", ("Active",)),
}
