"""docs/evidence.md says of each clause which records prove it, as seeded."""

import make_evidence_map


def test_the_document_is_what_the_command_writes():
	assert make_evidence_map.DOCUMENT.read_text("utf-8") == make_evidence_map.written(), "run: python tools/make_evidence_map.py"


def test_every_clause_has_a_line_and_nothing_is_defined_that_is_no_clause():
	numbers = [number for number, _title in make_evidence_map.clauses()]
	assert len(numbers) == len(set(numbers)) == 143
	assert set(make_evidence_map.records()) <= set(numbers)
