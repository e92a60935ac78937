"""A good guest: the host's own Chinese words stay until somebody switches ours on (services/host/host_words.py)."""

import csv
from pathlib import Path

import factories
import frappe
import isolation
import pytest
from frappe import _
from frappe.translate import get_translations_from_apps

from ops_delivery.services.host import host_words
from ops_delivery.services.shared import install_state as memory

FILE = Path(frappe.get_app_path("ops_delivery")) / "translations" / "zh.csv"
MODULE = "Ops Delivery"


def host() -> dict[str, str]:
	return get_translations_from_apps("zh", apps=["frappe", "erpnext"])


def laid() -> list[str]:
	return frappe.get_all("Translation", {"language": "zh"}, pluck="source_text", order_by="source_text")


def of_ours() -> list[list[str]]:
	with FILE.open(encoding="utf-8", newline="") as file:
		return [row for row in csv.reader(file) if row]


def test_no_word_of_the_hosts_is_said_otherwise_by_the_file_that_is_always_loaded():
	known = host()
	other = {row[0]: (known[row[0]], row[1]) for row in of_ours() if len(row) == 2 and known.get(row[0], row[1]) != row[1]}
	assert not other, "put these into setup/host_words.csv, and give them a context for our DocTypes"


def test_a_context_is_ours_or_one_that_the_host_has_not():
	ours = set(frappe.get_all("DocType", {"module": MODULE}, pluck="name"))
	known = host()
	other = [row for row in of_ours() if len(row) > 2 and row[2] not in ours and f"{row[0]}:{row[2]}" in known]
	assert [row for row in other if known[f"{row[0]}:{row[2]}"] != row[1]] == []


def test_after_installing_the_host_speaks_for_itself(as_installed):
	assert not laid()
	for word in ("Filter", "Landscape", "Owner"):
		assert _(word, "zh") == host()[word] != host_words.words()[word]
	assert _("Customer", "zh", "Service Agreement") == "需方", "the forms of our own types say ours"


def test_switched_on_our_words_are_on_every_page_and_off_again_the_hosts(as_installed):
	isolation.switch({"own_words": 1})
	assert _("Filter", "zh") == host_words.words()["Filter"]
	known = {**host(), **frappe.translate.get_all_translations("zh")}
	assert {key: known.get(key) for key in host_words.words()} == host_words.words()
	isolation.switch({"own_words": 0})
	assert not laid() and _("Filter", "zh") == host()["Filter"]


@pytest.mark.parametrize("word", ["Filter", "Landscape"])
def test_what_an_administrator_says_stays(as_installed, word):
	if word == "Filter":  # before
		factories.make("Translation", language="zh", source_text=word, translated_text="另一个词")
		isolation.switch({"own_words": 1})
	else:  # afterwards
		isolation.switch({"own_words": 1})
		doc = frappe.get_doc("Translation", {"source_text": word, "language": "zh"})
		doc.translated_text = "另一个词"
		doc.save()
	frappe.delete_doc("Translation", frappe.db.get_value("Translation", {"source_text": "Owner", "language": "zh"}))
	host_words.refresh()
	assert _(word, "zh") == "另一个词" and "Owner" not in laid()
	isolation.switch({"own_words": 0})
	assert laid() == [word] and _(word, "zh") == "另一个词"


def test_a_newer_host_or_version_of_ours_is_followed(as_installed, monkeypatch):
	isolation.switch({"own_words": 1})
	newer = {**host_words.words(), "Filter": "挑选"}
	monkeypatch.setattr(host_words, "words", lambda: newer)
	known = {**get_translations_from_apps("zh"), "Landscape": newer["Landscape"]}
	monkeypatch.setattr(host_words, "get_translations_from_apps", lambda _lang: known)
	host_words.refresh()
	assert _("Filter", "zh") == "挑选" and "Landscape" not in laid()


def test_uninstalling_takes_ours_away(as_installed):
	isolation.switch({"own_words": 1})
	host_words.take_away()
	assert not laid() and not memory.recall(host_words.NOTES)
