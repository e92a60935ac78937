"""Chinese words of the host that we put right, or use otherwise: part of what is switched on.

Frappe has one dictionary for all apps, in which the last one is heard last. So `translations/zh.csv` holds our own texts, and
words that the host knows as well only with one of our DocTypes as their context; a test holds it to that. The others stand in
`setup/host_words.csv` and become Translation records, which are a site's own way to have words of its own, while *Put words
of the host right in Chinese* is ticked. One that an administrator made is left alone, and one they edited or deleted, too.
"""

from __future__ import annotations

import csv
from typing import Any

import frappe
from frappe.core.doctype.translation.translation import clear_user_translation_cache
from frappe.translate import get_translations_from_apps
from frappe.utils import cint

from ops_delivery.services.shared import bulk
from ops_delivery.services.shared import install_state as memory

LANGUAGE, NOTES = "zh", "ops_delivery_words"
FILE = ("setup", "host_words.csv")
COLUMNS = ("name", "language", "source_text", "context", "translated_text")


def follow(settings: Any) -> None:
	"""After the settings were saved."""
	before = settings.get_doc_before_save()
	if not before or cint(before.get("own_words")) != cint(settings.own_words):
		lay() if cint(settings.own_words) else take_away()


def refresh() -> None:
	"""After each migrate: the host has other words, or we have."""
	if cint(frappe.db.get_single_value("Ops Delivery Settings", "own_words")):
		lay()


def lay() -> None:
	"""Make a Translation of each word that the host has otherwise, unless there is one or there was one of ours."""
	notes, there = _notes(), _there()
	host = get_translations_from_apps(LANGUAGE)
	wanted = {key: text for key, text in words().items() if host.get(key) != text}
	outdated = [name for key, (name, text) in notes.items() if wanted.get(key) != text and there.get(key) == (name, text)]
	_delete(outdated)
	for key in [key for key, (name, _text) in notes.items() if name in outdated]:
		del notes[key], there[key]
	rows, parts = [], {_key(*row): (row[0], row[2] if len(row) > 2 else None) for row in _lines()}
	for key, text in wanted.items():
		if key not in there and key not in notes:
			source, context = parts.get(key, (key, None))
			notes[key] = (frappe.generate_hash(length=10), text)
			rows.append((notes[key][0], LANGUAGE, source, context, text))
	bulk.insert("Translation", COLUMNS, rows)
	memory.remember(NOTES, notes)
	clear_user_translation_cache(LANGUAGE)


def take_away() -> None:
	"""The host's own words again."""
	there = _there()
	_delete([name for key, (name, text) in _notes().items() if there.get(key) == (name, text)])
	if memory.recall(NOTES) is not None:
		memory.remember(NOTES, {})
	clear_user_translation_cache(LANGUAGE)


def words() -> dict[str, str]:
	"""Our words by Frappe's key: the English text, with a context after a colon."""
	return {_key(*row): row[1] for row in _lines()}


def _lines() -> list[list[str]]:
	with open(frappe.get_app_path("ops_delivery", *FILE), encoding="utf-8", newline="") as file:
		return [row for row in csv.reader(file) if row]


def _key(source: str, _text: str, context: str | None = None) -> str:
	return f"{source}:{context}" if context else source


def _there() -> dict[str, tuple[str, str]]:
	rows = frappe.get_all(
		"Translation",
		filters={"language": LANGUAGE},
		fields=["name", "source_text", "context", "translated_text"],
		order_by="name",
	)
	return {
		row.source_text + (f":{row.context}" if row.context else ""): (row.name, row.translated_text) for row in rows
	}


def _delete(names: list[str]) -> None:
	if names:
		frappe.db.delete("Translation", {"name": ["in", names]})


def _notes() -> dict[str, tuple[str, str]]:
	return {key: (name, text) for key, (name, text) in (memory.recall(NOTES) or {}).items()}
