"""The verdict on every clause of a catalogue for an agreement and a period, computed from the records as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ops_delivery.domain.evidence import judging
from ops_delivery.services.evidence import catalogue, definitions, exemptions, scan
from ops_delivery.services.evidence.scope import Scope


@dataclass(frozen=True)
class Judged:
	"""The verdicts by number of the clause, and what each definition found, by clause."""

	verdicts: dict[str, judging.Verdict]
	proofs: dict[str, list[tuple[str, scan.Proof]]]


def of(scope: Scope, catalogue_name: str, numbers: Iterable[str] | None = None, hidden: scan.Hidden | None = None) -> Judged:
	"""Judge all clauses of a catalogue, or some; `hidden` are records that must not be counted. A fixed number of queries for
	given definitions."""
	wanted = [one.number for one in catalogue.clauses(catalogue_name) if not one.is_heading]
	if numbers is not None:
		chosen = set(numbers)
		wanted = [number for number in wanted if number in chosen]
	rows = definitions.of_catalogue(catalogue_name, None if numbers is None else wanted)
	found = scan.found(rows, scope, hidden)
	exempt = exemptions.in_force(scope, catalogue_name)
	verdicts = judging.of_all(wanted, map(definitions.judged, rows), {name: one.found for name, one in found.items()}, frozenset(exempt))
	proofs: dict[str, list[tuple[str, scan.Proof]]] = {}
	for row in rows:
		proofs.setdefault(row.number, []).append((row.name, found[row.name]))
	return Judged(verdicts, proofs)


def as_data(judged: Judged) -> dict[str, Any]:
	"""Verdicts as a snapshot keeps them: state, number, day of the newest, reasons, and the proofs by definition."""
	return {
		number: {
			"state": one.state.value,
			"records": one.records,
			"newest": one.newest.isoformat() if one.newest else None,
			"reasons": [[reason.code, reason.definition, dict(reason.values)] for reason in one.reasons],
			"proofs": [[name, proof.doctype, proof.found.all, proof.names] for name, proof in judged.proofs.get(number, ())],
		}
		for number, one in judged.verdicts.items()
	}
