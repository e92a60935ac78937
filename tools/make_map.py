"""Writes docs/map.md: from each clause to the files that answer it and the tests that prove it, and what each room is for.

Which file answers a clause is read from the first line of its docstring, which test proves it from its mark; a test refuses
a map that is not what this writes. Standard library only.
"""

import ast
import collections
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAP = ROOT / "docs" / "map.md"
CODE = ("services", "domain", "permissions", "printing", "replay")
HEAD = """# Map

Where to look for what. Written by `python tools/make_map.py`: a file answers the clauses that the first line of its docstring
names, a test proves those it is marked with. What a clause asks stands in [clauses.md](clauses.md), what follows from what in
`ops_delivery/services/reactions.py`, the words in [glossary.md](glossary.md).

"""
# a clause, or a letter or number that goes on from the one before it: "6.5.a, b, c; 8.6", "6.3.a–c", "7.2.d.1–2"
TOKEN = re.compile(r"(?P<whole>\b[5-8]\.\d(?:\.[a-z](?:\.\d)?)?(?![\w.]*\w))|(?P<dash>[–-])(?P<to>[a-z]|\d)\b|, (?P<more>[a-z]|\d)(?=[,;)\s:]|$)")


def clauses_in(text: str) -> list[str]:
	"""The clauses that a sentence names, ranges written out."""
	found: list[str] = []
	for token in TOKEN.finditer(text):
		if token["whole"]:
			found.append(token["whole"])
		elif found and "." in found[-1]:
			begin, _dot, last = found[-1].rpartition(".")
			if token["dash"] and last.isalpha() == token["to"].isalpha():
				found += [f"{begin}.{chr(code)}" for code in range(ord(last) + 1, ord(token["to"]) + 1)]
			elif token["more"] and last.isalpha() == token["more"].isalpha():
				found.append(f"{begin}.{token['more']}")
	return list(dict.fromkeys(found))


def first_line(path: Path) -> str:
	"""What a module says it is: its docstring's first paragraph in one line."""
	text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
	return " ".join(text.partition("\n\n")[0].split())


def modules() -> list[Path]:
	return sorted(path for folder in CODE for path in (ROOT / "ops_delivery" / folder).rglob("*.py") if path.name != "__init__.py")


def answers() -> dict[str, list[str]]:
	"""By clause, the files that answer it, below ops_delivery/."""
	found = collections.defaultdict(list)
	for path in modules():
		for clause in clauses_in(first_line(path)):
			found[clause].append(path.relative_to(ROOT / "ops_delivery").as_posix())
	return found


def marks(tree: ast.AST) -> set[str]:
	"""The clauses that a test file is marked with."""
	return {
		argument.value
		for call in ast.walk(tree)
		if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "clause"
		for argument in call.args
		if isinstance(argument, ast.Constant)
	}


def proofs() -> dict[str, list[str]]:
	"""By clause, the test files that prove it, below tests/."""
	found = collections.defaultdict(list)
	for path in sorted((ROOT / "tests").rglob("test_*.py")):
		for clause in marks(ast.parse(path.read_text("utf-8"))):
			found[clause].append(path.relative_to(ROOT / "tests").as_posix())
	return found


def order(clause: str) -> tuple:
	return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in clause.split("."))


def written() -> str:
	"""The whole map."""
	code, tests = answers(), proofs()
	lines = [HEAD.rstrip(), "", "## Rooms", "", "| Room | What it is for |", "|---|---|"]
	services = ROOT / "ops_delivery" / "services"
	for path in sorted([*services.glob("*/__init__.py"), *(p for p in services.glob("*.py") if p.name != "__init__.py")]):
		name = path.parent.name if path.name == "__init__.py" else path.stem
		lines.append(f"| `services/{name}` | {first_line(path)} |")
	lines += ["", "## Clauses", "", "| Clause | Answered in `ops_delivery/` | Proven in `tests/` |", "|---|---|---|"]
	for clause in sorted({*code, *tests}, key=order):
		above = [one for one in code if clause.startswith(f"{one}.")]
		files = code.get(clause) or [file for one in above for file in code[one]]
		lines.append(f"| {clause} | {listed(files)} | {listed(tests.get(clause, []))} |")
	return "\n".join(lines) + "\n"


def listed(paths: list[str]) -> str:
	return ", ".join(f"`{path}`" for path in dict.fromkeys(paths)) or "–"


if __name__ == "__main__":
	if "--check" in sys.argv[1:]:
		sys.exit(0 if MAP.exists() and MAP.read_text("utf-8") == written() else "docs/map.md is not what tools/make_map.py writes")
	MAP.write_text(written(), "utf-8")
