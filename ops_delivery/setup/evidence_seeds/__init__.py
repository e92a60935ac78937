"""Seeds of Evidence Definitions: what proves each clause of our catalogue to begin with. Planted once, then the administrator's.

A clause whose records are not there yet (delivery audits, retrospectives, standing goals, security risks …) has none, and shows as
missing until somebody defines what proves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ops_delivery.setup.evidence_seeds import content, management, modes, results
from ops_delivery.setup.evidence_seeds.row import DOCTYPE, clause_name

ROWS = (*management.ROWS, *content.ROWS, *modes.ROWS, *results.ROWS)


def records() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
	"""(DocType, records by name) in the order of planting; the clauses come before."""
	named: dict[str, dict[str, Any]] = {}
	for number, values in ROWS:
		base = f"{number} {values['document_type']}"
		name = next(one for one in (base, *(f"{base} ({more})" for more in range(2, 9))) if one not in named)
		named[name] = {"definition_name": name, "clause": clause_name(number), "enabled": 1, **values}
	yield DOCTYPE, named
