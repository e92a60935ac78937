"""Writes the map of docs/evidence.md: from each clause to the records that prove it (as seeded) and the files that answer it.

The records are read from ops_delivery/setup/evidence_seeds without running them, the files as tools/make_map.py reads them; a test
refuses a document that is not what this writes. Standard library only.
"""

import ast
import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import make_map

ROOT = make_map.ROOT
DOCUMENT = ROOT / "docs" / "evidence.md"
CATALOGUE = ROOT / "ops_delivery" / "fixtures" / "specification_clauses.csv"
SEEDS = ROOT / "ops_delivery" / "setup" / "evidence_seeds"
BEGIN = "<!-- written by python tools/make_evidence_map.py -->"
MOST = 3


def clauses() -> list[tuple[str, str]]:
	"""(number, title) of each clause that is judged."""
	with CATALOGUE.open(encoding="utf-8", newline="") as file:
		return [(row["number"], row["title"]) for row in csv.DictReader(file) if row["is_heading"] == "0"]


def records() -> dict[str, list[str]]:
	"""By clause, the record types that prove it. The seeds import the catalogue's name from a service; here it is given."""
	found: dict[str, list[str]] = {}
	for number, doctype in _rows():
		found.setdefault(number, [])
		if doctype not in found[number]:
			found[number].append(doctype)
	return found


def _rows() -> list[tuple[str, str]]:
	given: dict[str, object] = {"CATALOGUE": ""}
	rows: list[tuple[str, str]] = []
	for name in ("row", "management", "content", "modes", "results"):
		tree = ast.parse((SEEDS / f"{name}.py").read_text("utf-8"))
		tree.body = [one for one in tree.body if not (isinstance(one, ast.ImportFrom) and (one.module or "").startswith("ops_delivery"))]
		exec(compile(tree, name, "exec"), given)
		if name != "row":
			rows += [(number, values["document_type"]) for number, values in given["ROWS"]]
	return rows


def lines() -> str:
	"""The table."""
	proving, answered = records(), make_map.answers()
	text = [BEGIN, "", "| Clause | Asks for | Records | Files |", "|---|---|---|---|"]
	for number, title in clauses():
		files = answered.get(number) or next((answered[part] for part in _above(number) if part in answered), [])
		shown = ", ".join(f"`{name}`" for name in files[:MOST]) + (" …" if len(files) > MOST else "")
		text.append(f"| {number} | {title} | {', '.join(proving.get(number, [])) or 'no definition yet'} | {shown or '–'} |")
	return "\n".join(text) + "\n"


def _above(number: str) -> list[str]:
	parts = number.split(".")
	return [".".join(parts[:length]) for length in range(len(parts) - 1, 1, -1)]


def written() -> str:
	"""The document as it should be."""
	return DOCUMENT.read_text("utf-8").partition(BEGIN)[0] + lines()


if __name__ == "__main__":
	DOCUMENT.write_text(written(), encoding="utf-8")
