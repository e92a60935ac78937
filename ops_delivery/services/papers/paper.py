"""What a printed document needs to know beside its own fields, in the reader's language and time zone (8.5.b, 8.6.b).

A print format asks for it by `ops_paper(doc)`; the macros in templates/print/document.html set it out on the page.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, fmt_money, strip_html
from frappe.utils.html_utils import sanitize_html

from ops_delivery.services import delivered_reports
from ops_delivery.services.reviews import readership, signatures
from ops_delivery.services.reviews import rules as review_rules
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews.content import content_hash
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import BLOCKS, number, plain_lines, text
from ops_delivery.services.shared.site_time import to_utc, utc_now
from ops_delivery.services.surveys import satisfaction_change

MOST_SPANNED = 50
_SPAN = re.compile(r"""(\b(?:col|row)?span\s*=\s*["']?\s*)(\d+)""", re.IGNORECASE)
MARKED = ("Draft", "Cancelled", "Withdrawn", "Superseded", "Terminated")


def stands(doc: Any) -> bool:
	"""Whether a document is finished and binds: all its content is fixed (submitted, approved, signed or closed), and its
	pages bear no mark."""
	entry = REGISTRY.get(doc.doctype)
	if not entry or doc.get("__islocal") or (doc.meta.is_submittable and doc.docstatus != 1):
		return False
	status = doc.get("status")
	return status not in MARKED and all(entry.is_fixed(part, status) for part in entry.parts)


class Paper:
	"""One document on its way to the page. Everything but `rich` returns plain text; the macros escape it.

	`for_customer`: the customer reads it, so what is the supplier's own (costs, competence, minutes) is left out. `name`: what the
	paper is called where it is not called as its record type is; it then stands at the head in place of the title.
	"""

	def __init__(self, doc: Any, name: str = ""):
		self.doc = doc = readership.as_read(doc)
		self.for_customer = readership.for_customer(doc)
		self.zone = wording.reader_zone()
		self.printed = wording.moment(utc_now(), self.zone)
		self.printed_by = frappe.utils.get_fullname()
		self.is_form = False  # to be filled in by hand
		self.kind = _(name or doc.doctype)  # what the paper is called
		self.has_own_name = bool(name)

	@property
	def heading(self) -> str:
		"""The document's title; the paper's own name, where it has one."""
		return self.kind if self.has_own_name else self._title()

	def _title(self) -> str:
		return text(self.doc.get("title") or self.doc.get("subject") or self.doc.name)

	@property
	def subtitle(self) -> str:
		"""What it is (or is about), its number and its version."""
		parts = [self._title() if self.has_own_name else self.kind, self.doc.get("agreement_number") or self.doc.name]
		if self.doc.get("version"):
			parts.append(_("version {0}").format(self.doc.version))
		return " · ".join(parts)

	@property
	def footer(self) -> str:
		"""The line at the foot of each page."""
		return f"{self.kind} · {self.subtitle}" if self.has_own_name else self.subtitle

	@property
	def mark(self) -> str:
		"""What stands on a page that binds nobody, such as "Draft"; "" on one that does."""
		status = self.doc.get("status")
		return _(status, context=self.doc.doctype) if status in MARKED else ""

	def imprint(self) -> str:
		"""The page's last line: who printed it and when. On a finished document what it is instead, so that the page says
		the same whenever it is printed; such a page may be kept (services/papers/kept_prints.py)."""
		if self.is_form or not stands(self.doc):
			return _("Printed {0} by {1}. Times as in {2}.").format(self.printed, self.printed_by, self.zone)
		self.doc.flags.ops_page_stands = True
		return _("Version {0}; SHA-256 of its content {1}…. Times as in {2}.").format(
			cint(self.doc.get("version")) or 1, content_hash(self.doc)[:32], self.zone
		)

	def label(self, fieldname: str) -> str:
		"""A field's label."""
		return _(self.doc.meta.get_label(fieldname), context=self.doc.doctype)

	def value(self, fieldname: str, row: Any = None) -> str:
		"""A field's value as its form shows it: choices translated, dates, money and durations in words."""
		source = row if row is not None else self.doc
		field, stored = source.meta.get_field(fieldname), source.get(fieldname)
		if stored in (None, ""):
			return ""
		if not field:
			return text(stored)
		match field.fieldtype:
			case "Date":
				return self.date(stored)
			case "Datetime":
				return self.when(stored)
			case "Currency":
				return self.money(stored, source.get(field.options) if field.options else None)
			case "Duration":
				return wording.duration(stored)
			case "Check":
				return _("Yes") if stored else _("No", context="Ops Delivery")
			case "Select":
				return _(str(stored), context=source.doctype)
			case "Percent":
				return f"{number(stored)} %"
			case "Float":
				return number(stored, cint(field.precision) or 3)
			case "Link" if field.options == "User":
				return self.person(stored)
			case "Link":
				return self.linked(field.options, stored)
			case "Text Editor" | "HTML Editor":
				return plain_lines(stored)
		return text(stored)

	def linked(self, doctype: str, name: str) -> str:
		"""A linked record as its form shows it: by its title where the type says so."""
		meta = frappe.get_meta(doctype)
		title = meta.show_title_field_in_link and meta.title_field
		return str((title and frappe.get_cached_value(doctype, name, title)) or _(str(name)))

	def pair(self, fieldname: str) -> tuple[str, str]:
		"""(label, value) of a field, for the macros `facts` and `pairs`."""
		return self.label(fieldname), self.value(fieldname)

	def date(self, value: date | str | None) -> str:
		"""A date as the reader writes it."""
		return wording.day(value)

	def when(self, value: datetime | str | None) -> str:
		"""A stored date and time as the reader's clock shows it."""
		return wording.moment(to_utc(value), self.zone) if value else ""

	def money(self, amount: float | None, currency: str | None = None) -> str:
		"""An amount with its currency."""
		currency = currency or self.doc.get("currency")
		return fmt_money(amount, currency=currency) if amount is not None else ""

	def person(self, user: str | None) -> str:
		"""A user's full name."""
		return frappe.utils.get_fullname(user) if user else ""

	def has(self, text: str | None) -> bool:
		"""Whether a rich text says anything."""
		return bool(strip_html(text or "").strip())

	def rich(self, text: str | None) -> str:
		"""A rich text, sanitized, as HTML."""
		return rich_text(text)

	def reviews(self) -> list[dict[str, Any]]:
		"""The reviews given to this document: title, state, minutes and rows of participants."""
		return [
			{
				"title": _("{0} ({1})").format(_(review.rule), _(review.part, context="Service Review"))
				if review.part
				else _(review.rule),
				"state": _(review.state, context="Service Review"),
				"minutes": review.minutes,
				"rows": [
					[
						person.full_name or self.person(person.user),
						_(person.decision, context="Service Review Participant"),
						person.opinion,
						self.when(person.decided_on),
					]
					for person in review.participants
					if person.decided_on
				],
			}
			for review in map(frappe._dict, reviews.summary(self.doc.doctype, self.doc.name))
			if review.state != reviews.WITHDRAWN
			# what was said inside is not for the customer's pages
			and (review.party == review_rules.CUSTOMER or not self.for_customer)
		]

	def satisfaction(self) -> str:
		"""The customer's satisfaction before and after the work."""
		return satisfaction_change.sentence(self.doc)

	def delivered_reports(self) -> list[list[str]]:
		"""What else was delivered in the course of the work: kind, report, day, receiver."""
		return delivered_reports.rows(self.doc, self)

	def signatures(self) -> list[dict[str, Any]]:
		"""The two parties, each with its valid signature where there is one."""
		given = signatures.valid(self.doc) if self.doc.doctype in REGISTRY else {}
		names = {
			signatures.SUPPLIER: self.doc.get("company"),
			signatures.CUSTOMER: self.doc.get("customer_name") or self.doc.get("customer"),
		}
		return [
			{
				"party": party,
				"label": _(party, context="Service Signature"),
				"name": name,
				"signed": self._signed(given.get(party)),
			}
			for party, name in names.items()
		]

	def _signed(self, row: Any) -> dict[str, str] | None:
		return row and {
			"signer": row.signer_name,
			"title": row.signer_title,
			"at": self.when(row.signed_on),
			"how": _(row.channel, context="Service Signature"),
			"hash": row.content_hash,
		}


def rich_text(stored: str | None) -> str:
	"""A rich text, sanitized, as HTML for a page: no cell in it spans more than a page could show."""
	clean = sanitize_html(stored or "", linkify=False)
	if not BLOCKS.search(clean):  # typed as plain text, and shown so by the form's editor
		clean = clean.strip().replace("\n", "<br>")
	return _SPAN.sub(_bounded, clean)


def _bounded(span: re.Match[str]) -> str:
	return f"{span[1]}{min(int(span[2][:9]), MOST_SPANNED)}"


def ops_paper(doc: Any, name: str = "") -> Paper:
	"""Jinja method of print formats: the document with everything its page needs. `name`: in English what the paper is called where
	it is not called as its record type is."""
	return Paper(doc, name)
