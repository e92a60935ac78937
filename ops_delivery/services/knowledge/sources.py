"""What a knowledge article may be drafted from: records whose work is over, and the facts each of them tells (5.3.f, 8.4.a.2).

Another room or app adds a type by the hook `ops_delivery_knowledge_sources`: DocType -> path of a function (doc) -> Facts, or None where
the record is not over yet. One article a record: the database holds that once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.domain.mail_quotes import own_words
from ops_delivery.domain.states import ISSUE_ENDED, LEFTOVER_SETTLED
from ops_delivery.services.shared.locale import plain_lines, text

HOOK, DOCTYPE = "ops_delivery_knowledge_sources", "Knowledge Article"
VISITS = ("Field Service Sheet", "Remote Support Session")
PLAN_ENDED = ("Closed", "Rolled Back")


class NotOver(frappe.ValidationError):
	"""An article was to be drafted from a record whose work is not over."""


class AlreadyThere(frappe.DuplicateEntryError):
	"""There is an article of that record."""


@dataclass(frozen=True)
class Facts:
	"""What a record tells: plain texts with personal data still in them."""

	title: str
	symptom: str = ""
	cause: str = ""
	treatment: str = ""
	result: str = ""
	customer: str = ""
	service_object: str = ""
	people: tuple[str, ...] = ()  # names that stand on it


def kinds() -> dict[str, str]:
	"""DocType -> path of the function that tells its facts; the last app that names one has it."""
	return {doctype: paths[-1] for doctype, paths in frappe.get_hooks(HOOK).items()}


def facts(doctype: str, name: str) -> Facts:
	"""The facts of a record that the session's user may read. frappe.ValidationError for what is no source, NotOver."""
	doc = _read(doctype, name)
	found = frappe.get_attr(kinds()[doctype])(doc)
	if found is None:
		frappe.throw(
			_("{0} {1} is not over yet. An article is drafted from it once it is resolved or closed.").format(
				_(doctype), frappe.bold(escape_html(cstr(doc.name)))
			),
			NotOver,
		)
	return found


def article_of(doctype: str, name: str) -> str | None:
	"""The article that was made from a record."""
	return frappe.db.get_value(DOCTYPE, {"source_key": key_of(doctype, name)}, "name")


def key_of(doctype: str, name: str) -> str:
	"""What the database holds once."""
	return f"{doctype}: {name}"


def check(doc: Any) -> None:
	"""A new article that names a source: it is one, it is over, and no other article was made from it. AlreadyThere names that."""
	doc.source_key = None
	if not (doc.source_doctype and doc.source_name):
		doc.update({"source_doctype": None, "source_name": None})
		return
	facts(doc.source_doctype, doc.source_name)
	if other := article_of(doc.source_doctype, doc.source_name):
		refuse_second(doc.source_doctype, doc.source_name, other)
	doc.source_key = key_of(doc.source_doctype, doc.source_name)


def refuse_second(doctype: str, name: str, article: str) -> None:
	"""AlreadyThere, with the article to go on with."""
	frappe.throw(
		_("There is an article of {0} {1} already: {2}. Go on with that one.").format(
			_(doctype), frappe.bold(escape_html(name)), frappe.utils.get_link_to_form(DOCTYPE, article)
		),
		AlreadyThere,
	)


def of_issue(doc: Any) -> Facts | None:
	"""A request that is resolved: the report in the customer's words, and what its visits found."""
	if doc.status not in ISSUE_ENDED:
		return None
	visits = _visits(doc.name)
	resolution = plain_lines(doc.resolution_details)
	return Facts(
		title=text(doc.subject),
		symptom=own_words(plain_lines(doc.description)),
		cause=_lines(row.cause for row in visits),
		treatment=resolution or _lines(row.work_content for row in visits),
		result=_lines(row.outcome_note for row in visits),
		customer=doc.customer or "",
		service_object=doc.get("ops_object") or "",
		people=(*_contacts(doc.contact), *(cstr(name) for row in visits for name in (row.work_confirmed_with, row.arrival_confirmed_by))),
	)


def of_leftover(doc: Any) -> Facts | None:
	"""A leftover that is solved or waived."""
	if doc.state not in LEFTOVER_SETTLED:
		return None
	return Facts(
		text(doc.subject), text(doc.description), "", text(doc.treatment), text(doc.result), doc.customer or "", doc.service_object or "", (cstr(doc.agreed_with),)
	)


def of_plan(doc: Any) -> Facts | None:
	"""An optimization plan that is closed or was rolled back, with what its retrospective learned."""
	if doc.status not in PLAN_ENDED:
		return None
	return Facts(
		title=text(doc.title),
		symptom=plain_lines(doc.background) or plain_lines(doc.goals),
		cause=text(doc.rollback_cause),
		treatment=plain_lines(doc.content),
		result=_lines(doc.get(field) for field in ("goals_result", "went_well", "went_badly", "lessons", "rollback_result")),
		customer=doc.customer or "",
		service_object=doc.service_object or "",
		people=(cstr(doc.confirmed_by), cstr(doc.accepted_by), *cstr(doc.retrospective_people).split("\n")),
	)


def _read(doctype: str, name: str) -> Any:
	if doctype not in kinds():
		frappe.throw(
			_("{0}: no article is drafted from {1}. Choose one of: {2}.").format(
				frappe.bold(_("Made from", context=DOCTYPE)),
				frappe.bold(escape_html(cstr(doctype)[:140])),
				", ".join(_(kind) for kind in sorted(kinds())),
			)
		)
	if not name or not frappe.db.exists(doctype, name) or not frappe.has_permission(doctype, "read", doc=name):
		raise frappe.PermissionError(_("There is no {0} {1} that you can see.").format(_(doctype), frappe.bold(escape_html(cstr(name)))))
	return frappe.get_doc(doctype, name)


def _visits(issue: str) -> list[Any]:
	"""What the visits and sessions of a request noted, in their order; of those that the session's user may read."""
	found: list[Any] = []
	for doctype in VISITS:
		if not frappe.has_permission(doctype, "read"):
			continue
		meta = frappe.get_meta(doctype)
		fields = ["cause", "outcome_note", "work_content", "work_confirmed_with", "arrival_confirmed_by"]
		found += frappe.get_list(
			doctype,
			filters={"reference_doctype": "Issue", "reference_name": issue, "status": ["!=", "Cancelled"]},
			fields=["creation", *(field for field in fields if meta.has_field(field))],
			order_by="creation",
			limit_page_length=0,
		)
	return sorted(found, key=lambda row: row.creation)


def _contacts(contact: str | None) -> tuple[str, ...]:
	if not contact:
		return ()
	row = frappe.db.get_value("Contact", contact, ["first_name", "last_name"], as_dict=True)
	return (" ".join(filter(None, (row.first_name, row.last_name))),) if row else ()


def _lines(said: Any) -> str:
	return "\n".join(dict.fromkeys(line for line in (text(cstr(one)).strip() for one in said) if line))
