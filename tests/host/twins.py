"""Two sites that saw the same two weeks of work, one of them with this app, which nobody used: what differs when it is gone?

Run by `./test host twins`. Both sites are made of one snapshot (ERPNext, past its wizard, with what two_weeks.py seeds). On the
second one the app is installed; both live through the same work; it is uninstalled; then every column of every table is compared,
and the schema. Nothing may differ but what docs/host.md lists (*What an uninstalled app leaves*).

Left out are OF_THE_FRAMEWORK, whole tables and columns. Names that chance gave are compared as such, not by their letters.
"""

from __future__ import annotations

import json
import re
from collections import Counter

from tests.host.listed import patterns

OURS, TWIN = "with us", "alone"
# the framework's own logs and keepings: table -> why it says nothing
OF_THE_FRAMEWORK = {
	"tabError Log": "what failed, with tracebacks; the answers of the doors are compared",
	"tabScheduled Job Log": "runs of jobs",
	"tabPatch Log": "what was patched when",
	"tabInstalled Application": "which apps are there, with their versions",
	"tabSessions": "who is logged in",
	"tabAccess Log": "exports and prints, by session",
	"tabRoute History": "pages that were opened",
	"tabDeleted Document": "an uninstalled app's own records are noted here",
	"__global_search": "an index, filled in the background",
	"__Auth": "hashes of passwords, salted by chance",
}
# columns in any table
OF_ANY_ROW = {
	"creation": "time",
	"modified": "time",
	"_seen": "kept by the desk",
}
# columns of one table, given by chance: random, or the order of what came at the same moment
OF_A_TABLE = {
	"tabCommunication Link": {"idx"},  # Frappe writes them in the order of a set
	"tabHas Role": {"idx"},  # those of a saved report, too
	"tabFile": {"idx"},  # as below; this table has a parentfield
	"tabGL Entry": {"name"},  # numbered later, by the time at which they were written
	"tabUser": {"last_active", "last_login", "last_ip", "api_secret", "reset_password_key", "last_known_versions",
		"last_reset_password_key_generated_on"},
	"tabScheduled Job Type": {"last_execution"},
	"tabSingles": set(),
}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?")
BY_CHANCE = re.compile(r"\b(?:[0-9a-f]{30,64}|[0-9a-z]{10})\b")
OF_A_MAIL = re.compile(r"={15}\d+==|\d+\.\d+\.\d+@[\w.-]+")  # boundaries, and Message-Ids with process and site
JSON = re.compile(r'\{\s*"')
HEADING = "## What an uninstalled app leaves"


def compare(alone: dict, with_us: dict) -> list[str]:
	"""What differs, a line each: `table.column: …`."""
	return [*_schema(alone, with_us), *_rows(alone["tables"], with_us["tables"])]


def _schema(alone: dict, with_us: dict) -> list[str]:
	lines = []
	for kind, words in (("schema", "column"), ("indexes", "index")):
		here, there = ({tuple(row) for row in each[kind]} for each in (alone, with_us))
		for table, name, *rest in sorted(there - here, key=str):
			lines.append(f"{table}.{name}: {words} left {rest}")
		for table, name, *rest in sorted(here - there, key=str):
			lines.append(f"{table}.{name}: {words} taken {rest}")
	return lines


def _rows(alone: dict, with_us: dict) -> list[str]:
	chance = _names_by_chance(alone) | _names_by_chance(with_us)
	lines = []
	for table in sorted(alone.keys() & with_us.keys() - OF_THE_FRAMEWORK.keys()):
		here, there = ([_say(table, row, chance) for row in each[table]] for each in (alone, with_us))
		only_here, only_there = Counter(here) - Counter(there), Counter(there) - Counter(here)
		lines += _pair(table, list(only_here.elements()), list(only_there.elements()))
	return lines


def _names_by_chance(tables: dict) -> set[str]:
	return {
		row["name"]
		for rows in tables.values()
		for row in rows
		if isinstance(row.get("name"), str) and BY_CHANCE.fullmatch(row["name"])
	}


def _say(table: str, row: dict, chance: set[str]) -> str:
	"""A row without what chance and time made of it."""
	out = OF_ANY_ROW.keys() | OF_A_TABLE.get(table, set())
	if "parentfield" not in row:
		out |= {"idx"}  # how often a record was linked, for the order of search results: counted in the cache, lost with it
	return json.dumps({key: _plain(value, chance) for key, value in row.items() if key not in out}, sort_keys=True)


def _plain(value, chance: set[str]):
	if not isinstance(value, str):
		return value
	value = OF_A_MAIL.sub("‹mail›", MOMENT.sub("‹time›", value))
	if JSON.match(value):
		try:
			value = json.dumps(_without_names(json.loads(value)), sort_keys=True)
		except ValueError:
			pass
	return BY_CHANCE.sub(lambda found: "‹name›" if found[0] in chance or len(found[0]) > 10 else found[0], value)


def _without_names(value):
	"""JSON of records, such as a Version's: without their names and places, and lists in an order of their own."""
	if isinstance(value, dict):
		return {key: _without_names(each) for key, each in value.items() if key not in ("name", "idx")}
	if isinstance(value, list):
		return sorted((_without_names(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
	return value


def _pair(table: str, alone: list[str], with_us: list[str]) -> list[str]:
	"""Rows that differ, each beside the one that is most like it, by column."""
	lines, left = [], [json.loads(row) for row in with_us]
	for row in map(json.loads, alone):
		best = max(left, key=lambda other: sum(other.get(key) == value for key, value in row.items()), default=None)
		same = best and (row.get("name") == best.get("name") if row.get("name") != "‹name›" else _likeness(row, best) > 0.6)
		if table == "tabSingles":
			best = next((other for other in left if (other["doctype"], other["field"]) == (row["doctype"], row["field"])), None)
			same = bool(best)
		if not same:
			lines.append(f"{table}: row taken {_short(row)}")
			continue
		left.remove(best)
		for key in sorted(row.keys() | best.keys()):
			if row.get(key) != best.get(key):
				lines.append(f"{table}.{key} of {_title(row)}: {_short(row.get(key))} alone, {_short(best.get(key))} with us")
	return lines + [f"{table}: row left {_short(row)}" for row in left]


def _likeness(row: dict, other: dict) -> float:
	return sum(other.get(key) == value for key, value in row.items()) / len(row)


def _title(row: dict) -> str:
	if "field" in row and "doctype" in row:
		return f"{row['doctype']}.{row['field']}"
	return str(next((row[key] for key in ("name", "subject", "defkey", "title", "parent") if row.get(key) not in (None, "‹name›")), "?"))


def _short(value) -> str:
	if isinstance(value, dict):
		value = {key: each for key, each in value.items() if each not in (None, "", 0, 0.0)}
	text = json.dumps(value, ensure_ascii=False)
	return text if len(text) < 400 else f"{text[:400]}…"


def unlisted(lines: list[str], page: str | None = None) -> list[str]:
	known = patterns(HEADING, page)
	return [line for line in lines if not any(pattern.match(line) for pattern in known)]


def compare_answers(alone: list, with_us: list) -> list[str]:
	"""The doors' answers, step by step: the same work was done."""
	lines = [f"step {number}: {a} alone, {b} with us" for number, (a, b) in enumerate(zip(alone, with_us, strict=False)) if a != b]
	return lines + ([f"{len(alone)} steps alone, {len(with_us)} with us"] if len(alone) != len(with_us) else [])
