"""Every string a person can see has a Chinese translation with the same placeholders."""

import csv
import importlib
import inspect
import json
import re
from pathlib import Path

import frappe
import pytest
from frappe.translate import get_all_translations, get_messages_for_app

from ops_delivery.custom_fields import CUSTOM_FIELDS
from ops_delivery.services.host import connections

APP = Path(frappe.get_app_path("ops_delivery"))
TRANSLATIONS = APP / "translations" / "zh.csv"
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)s|%s")
SHIPPED = ("workspace", "number_card", "dashboard_chart", "ops_delivery_dashboard", "report", "web_form")
LABELS = ("label", "chart_name", "title", "dashboard_name", "report_name", "description", "name")


def _rows() -> list[list[str]]:
	with TRANSLATIONS.open(encoding="utf-8", newline="") as file:
		return [row for row in csv.reader(file) if row]


def _messages() -> dict[str, str]:
	"""Each string with a place it stands in."""
	found: dict[str, str] = {}
	for message in get_messages_for_app("ops_delivery"):
		place, text = message[:2] if len(message) > 1 else ("", message[0])
		if text and not str(place).startswith("Navbar"):  # the navbar is the site's, not ours
			found.setdefault(text, str(place))
	for doctype, fields in CUSTOM_FIELDS.items():
		for field in fields:
			texts = [field.get("label"), field.get("description")]
			if field["fieldtype"] == "Select":
				texts += (field.get("options") or "").split("\n")
			for text in filter(None, texts):
				found.setdefault(text, f"custom field {doctype}.{field['fieldname']}")
	for folder in SHIPPED:
		for path in (APP / "ops_delivery" / folder).glob("*/*.json"):
			for text in _labels(json.loads(path.read_text(encoding="utf-8"))):
				found.setdefault(text, str(path.relative_to(APP)))
	for path in (APP / "setup" / "ready_made").glob("*.json"):
		for text in _ready_made(json.loads(path.read_text(encoding="utf-8"))):
			found.setdefault(text, str(path.relative_to(APP)))
	for text in _connections():
		found.setdefault(text, "connections of a form")
	return {text: place for text, place in found.items() if _speaks(text)}


def _connections():
	"""The labels of what belongs to a record: Frappe keeps them for all readers, so they are translated in the form."""
	for path in (APP / "ops_delivery" / "doctype").glob("*/*_dashboard.py"):
		module = importlib.import_module(f"ops_delivery.ops_delivery.doctype.{path.parent.name}.{path.stem}")
		yield from _labels(module.get_data())
	for name, function in inspect.getmembers(connections, inspect.isfunction):
		if name.startswith("of_"):
			yield from _labels(function({}))


def _ready_made(content):
	"""What the settings say of a ready-made configuration, its fields, and the sentences of its Notifications."""
	yield from (content["title"], content["description"])
	for record in content["records"]:
		values = record["values"]
		if record["doctype"] == "Custom Field":
			yield from (values["label"], values["description"])
		for template in (values.get("subject", ""), values.get("message", "")):
			yield from re.findall(r'_\("([^"]+)"\)', template)


def _labels(value):
	if isinstance(value, dict):
		for key, inner in value.items():
			if key in LABELS and isinstance(inner, str):
				yield inner
			else:
				yield from _labels(inner)
	elif isinstance(value, list):
		for inner in value:
			yield from _labels(inner)


def _speaks(text: str) -> bool:
	"""Strings of signs, numbers and code have nothing to translate."""
	bare = PLACEHOLDER.sub("", re.sub(r"<[^>]+>", "", text))
	return bool(re.search(r"[A-Za-z]{2}", bare)) and not re.fullmatch(
		r"[a-z_./:-]+|ops_\w+|fa fa-[\w-]+", bare.strip()
	)


def test_everything_is_translated(site):
	known = get_all_translations("zh").keys() | {row[0] for row in _rows()}  # with which context: tests/domain/test_words.py
	missing = {
		text: place for text, place in _messages().items() if text not in known and text.strip() not in known
	}
	assert not missing, "without Chinese: " + "\n".join(
		f"{place}: {text}" for text, place in sorted(missing.items())
	)


def test_placeholders_survive_translation():
	broken = [
		(source, target)
		for source, target, *_ in _rows()
		if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(target))
	]
	assert not broken


@pytest.mark.parametrize("position", [0, 1])
def test_no_line_is_empty(position):
	assert all(row[position].strip() for row in _rows())


def test_a_string_is_translated_once():
	seen, twice = set(), []
	for source, _target, *context in _rows():
		key = (source, *context)
		twice += [key] if key in seen else []
		seen.add(key)
	assert not twice
