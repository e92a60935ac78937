"""One action makes the draft of an article from a record: its facts, with personal data left out (5.3.f, 8.4.a.2).

Nothing is saved: the person sees what was taken out and what is to be looked at, and saves the form. What was taken out is not
kept, only how much of each kind.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_months, cstr

from ops_delivery.domain.knowledge import masking
from ops_delivery.services.knowledge import sources
from ops_delivery.services.knowledge.sources import Facts
from ops_delivery.services.shared.locale import reading, site_language
from ops_delivery.services.shared.site_time import site_now

TEXTS = ("title", "symptom", "cause", "treatment", "result")
LONGEST_TITLE = 140
MONTHS_TO_REVIEW = 12
MOST_PEOPLE = 5000
CONTEXT = "Knowledge Article"


def draft(doctype: str, name: str) -> dict[str, Any]:
	"""{values, taken_out: [{kind, said}], to_check: […]} of a new article, or {article} where there is one. Refuses what is no source."""
	found = sources.facts(doctype, name)
	if there := sources.article_of(doctype, name):
		return {"article": there}
	frappe.has_permission(CONTEXT, "create", throw=True)
	known, model = names_in(found)
	values, taken, left = {}, [], []
	with reading(site_language()):
		for field in TEXTS:
			masked = masking.masked(getattr(found, field), known, word)
			values[field] = masked.text[:LONGEST_TITLE] if field == "title" else masked.text
			taken += masked.taken_out
			left += masked.to_check
		said = "\n".join(f"{word(kind)}: {number}" for kind, number in masking.counted(taken).items())
	return {
		"values": {
			**values,
			"object_model": model,
			"source_doctype": doctype,
			"source_name": name,
			"taken_out": said,
			"keeper": frappe.session.user,
			"review_date": cstr(add_months(site_now().date(), MONTHS_TO_REVIEW)),
		},
		"taken_out": [{"kind": word(part.kind), "said": part.said} for part in taken],
		"to_check": list(dict.fromkeys(left))[: masking.MOST_LEFT],
	}


def still_there(doc: Any) -> list[dict[str, str]]:
	"""What the rules still find in the texts of an article, and what a person is to judge: {kind, said}; kind "" for the latter."""
	text = "\n".join(cstr(doc.get(field)) for field in TEXTS)
	known = names_in(Facts("", people=()))[0] if not doc.source_name else ()
	if doc.source_name and frappe.has_permission(doc.source_doctype, "read", doc=doc.source_name):
		known = names_in(replace(sources.facts(doc.source_doctype, doc.source_name), title=""))[0]
	masked = masking.masked(text, known, word)
	return [
		*({"kind": word(part.kind), "said": part.said} for part in masked.taken_out),
		*({"kind": "", "said": said} for said in masked.to_check),
	]


def word(kind: str) -> str:
	"""What a kind of personal data is called in the reader's language."""
	return _(kind, context=CONTEXT)


def names_in(found: Facts) -> tuple[tuple[tuple[str, str], ...], str]:
	"""((kind, text) of the people, customers and numbers that are known around a record, the model of its object)."""
	known = [(masking.NAME, person) for person in found.people if len(cstr(person).strip()) > 1]
	if found.customer:
		said = frappe.db.get_value("Customer", found.customer, "customer_name")
		known += [(masking.CUSTOMER, one) for one in {found.customer, cstr(said)} if one]
		known += [(masking.NAME, person) for person in _contacts_of(found.customer)]
	known += [(masking.NAME, person) for person in _own_people()]
	model = ""
	if found.service_object:
		thing = frappe.db.get_value("Service Object", found.service_object, ["serial_no", "asset_number", "brand_model", "location"], as_dict=True)
		if thing:
			model = cstr(thing.brand_model)
			known += [(masking.SERIAL, cstr(one)) for one in (thing.serial_no, thing.asset_number, found.service_object) if one]
			known += [(masking.ADDRESS, cstr(thing.location))] if thing.location else []
	return tuple(dict.fromkeys(known)), model


def _contacts_of(customer: str) -> list[str]:
	link, contact = frappe.qb.DocType("Dynamic Link"), frappe.qb.DocType("Contact")
	rows = (
		frappe.qb.from_(contact)
		.join(link)
		.on((link.parent == contact.name) & (link.parenttype == "Contact"))
		.select(contact.first_name, contact.last_name)
		.where((link.link_doctype == "Customer") & (link.link_name == customer))
		.orderby(contact.name)
		.limit(MOST_PEOPLE)
	).run()
	return [" ".join(filter(None, row)) for row in rows if _tells(" ".join(filter(None, row)))]


def _own_people() -> list[str]:
	names = frappe.get_all("User", filters={"enabled": 1, "user_type": "System User"}, pluck="full_name", order_by="name", limit=MOST_PEOPLE)
	return [name for name in names if _tells(name) and name != "Administrator"]


def _tells(name: str | None) -> bool:
	"""Whether a name is one: two Latin words, or two Chinese characters; a single word may be any word."""
	said = cstr(name).strip()
	return " " in said or (len(said) > 1 and not said.isascii())
