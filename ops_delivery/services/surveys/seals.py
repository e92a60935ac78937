"""Anonymous answers until their round is over: one sealed value each, without columns that anybody could ask about (5.4.c).

A score or a comment that stands in a column can be asked for by whoever may count or filter, a letter at a time. So what
was answered is written only when all of it is shown. Until then a row holds its round and a text encrypted with the key
of the site, filled up so that its length says nothing of the comment's. Of a round that may never be shown, none is kept.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import frappe
from frappe.utils import getdate
from frappe.utils.password import decrypt, encrypt

from ops_delivery.services.shared import bulk

DOCTYPE = "Sealed Survey Answer"
BLOCK = 4096  # characters; a sheet with a comment seldom has more than one
NOBODY = "Administrator"  # the owner of every anonymous answer


def seal(round_name: str, rows: Iterable[Any], closes_on: date) -> None:
	"""Keep one person's sheet: documents that are not written yet. The round's last day stands for when it came."""
	text = json.dumps([_values(row) for row in rows], ensure_ascii=False, default=str)
	text += " " * (-len(text.encode()) % BLOCK)
	doc = frappe.new_doc(DOCTYPE)
	doc.update(
		{
			"name": frappe.generate_hash(length=20),
			"parent": round_name,
			"parenttype": "Survey Round",
			"parentfield": "sealed_answers",
			"sealed": encrypt(text),
		}
	)
	write_rows([doc], _stamp(closes_on), NOBODY)


def count(round_name: str) -> int:
	"""How many sheets of a round are sealed."""
	return frappe.db.count(DOCTYPE, _of(round_name))


def show(round_name: str, closes_on: date) -> None:
	"""Open all seals of a round that is over and write what was answered, at once."""
	for sheet in opened(round_name):
		write_rows([frappe.get_doc(values) for values in sheet], _stamp(closes_on), NOBODY)
	destroy(round_name)


def opened(round_name: str) -> list[list[dict[str, Any]]]:
	"""The sheets of a round, each as the values of its documents, in an order that says nothing of who came when."""
	sealed = frappe.get_all(DOCTYPE, filters=_of(round_name), pluck="sealed", order_by="name")
	sheets = [json.loads(decrypt(text)) for text in sealed]
	random.SystemRandom().shuffle(sheets)
	return sheets


def destroy(round_name: str) -> None:
	"""Keep nothing of them any more."""
	frappe.db.delete(DOCTYPE, _of(round_name))


def write_rows(rows: Iterable[Any], stamp: datetime, owner: str) -> None:
	"""Write new rows alone, past everything that Frappe writes beside a document (versions, activity, events)."""
	for row in rows:
		row.update({"creation": stamp, "modified": stamp, "owner": owner, "modified_by": owner})
		bulk.insert_row(row)


def _stamp(closes_on: date) -> datetime:
	return datetime.combine(getdate(closes_on), time.min)


def _of(round_name: str) -> dict[str, str]:
	return {"parent": round_name, "parenttype": "Survey Round"}


def _values(row: Any) -> dict[str, Any]:
	values = row.as_dict(no_default_fields=True, no_nulls=True)
	return {**values, "doctype": row.doctype, "name": row.name}
