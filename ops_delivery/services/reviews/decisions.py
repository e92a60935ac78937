"""Decisions on a review: by a reviewer at the desk, by the customer on the portal, or recorded by staff.

Staff do not decide for the customer; they record who decided, when and how. Nobody decides about their own content.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, escape_html, get_datetime

from ops_delivery.domain import review as domain
from ops_delivery.domain.events import ReviewConcluded
from ops_delivery.permissions import ownership
from ops_delivery.permissions.gates import refuse_staff
from ops_delivery.permissions.ownership import is_staff, plain
from ops_delivery.services.outbox import outbox as notices
from ops_delivery.services.reviews import participants as review_people
from ops_delivery.services.reviews import standing as reviews
from ops_delivery.services.reviews.content import authors, content_hash
from ops_delivery.services.reviews.rules import CUSTOMER
from ops_delivery.services.scope import uploads
from ops_delivery.services.shared import events
from ops_delivery.services.shared.locale import moment
from ops_delivery.services.shared.site_time import site_now

DESK, PORTAL, RECORDED = "Desk", "Portal", "Recorded by Staff"
TEXT_LENGTH = 4000


class AlreadyConcluded(frappe.ValidationError):
	"""The review does not wait for a decision any more; nothing was changed."""

	http_status_code = 409


def decide(
	name: str,
	verdict: str,
	opinion: str = "",
	on_behalf: dict[str, Any] | None = None,
	minutes: str = "",
) -> str:
	"""The session's user decides on a review, or (`on_behalf`) records or gives the customer's decision; returns its state.

	`on_behalf`: name, email, channel, decided_on, how. All of it is saved, or nothing.
	"""
	opinion = _text(opinion, _("Opinion"))
	_check_verdict(verdict, opinion)
	doc, review = locked(name)
	_check_waits(doc, review)
	if on_behalf is None:
		row = _own_row(doc, review, verdict)
		given = {"channel": DESK}
	else:
		row, given = _customers_row(review, on_behalf)
	row.update(
		{
			**given,
			"decision": verdict,
			"opinion": opinion,
			"content_hash": review.content_hash,
			"decided_on": given.get("decided_on") or site_now(),
		}
	)
	if minutes:
		add_to_minutes(review, minutes)
	standing = reviews.judge_review(doc, review, reviews.decision_in(review, row))
	if standing.rejected_by or standing.met:
		conclude(review, domain.REJECTED if standing.rejected_by else domain.APPROVED)
	else:
		reviews.write(review)
		if row.user:
			review_people.release(review, row.user)
	return review.state


def decide_on_portal(name: str, verdict: str, opinion: str = "") -> str:
	"""The logged-in customer's user decides on a review they may see."""
	user = frappe.session.user
	refuse_staff(user)
	visible(name, user)
	return decide(
		name,
		verdict,
		opinion,
		{
			"user": user,
			"name": frappe.utils.get_fullname(user),
			"email": ownership.address_of(user),
			"channel": PORTAL,
		},
	)


def record(
	name: str, verdict: str, by_name: str, decided_on: Any, how: str, opinion: str = "", attachment: str = ""
) -> str:
	"""Staff enter what the customer decided elsewhere: who, when and how. Needs write permission on the document."""
	reference = frappe.db.get_value(
		reviews.DOCTYPE, name, ["reference_doctype", "reference_name"], as_dict=True
	)
	if not reference:
		raise frappe.DoesNotExistError(_("There is no review {0}.").format(escape_html(name)))
	frappe.get_doc(reference.reference_doctype, reference.reference_name).check_permission("write")
	uploads.refuse_apple_photo(attachment)
	return decide(
		name,
		verdict,
		opinion,
		{
			"name": by_name,
			"decided_on": decided_on,
			"how": how,
			"attachment": attachment,
			"channel": RECORDED,
			"recorded_by": frappe.session.user,
		},
	)


def add_minutes(name: str, text: str) -> None:
	"""Add a paragraph to the minutes of a review, with name and time. What stands in them stays."""
	_doc, review = locked(name)
	add_to_minutes(review, text)
	reviews.write(review)


def add_to_minutes(review, text: str) -> None:
	"""The text below what the minutes hold already; refused if empty."""
	text = _text(text, _("Minutes", context="Service Review"))
	if not text:
		frappe.throw(_("{0}: write down what was discussed.").format(frappe.bold(_("Minutes", context="Service Review"))))
	head = f"{frappe.utils.get_fullname(frappe.session.user)}, {moment(site_now())}"
	review.minutes = "\n\n".join(filter(None, (cstr(review.minutes).strip(), f"{head}\n{text}")))


def conclude(review, state: str) -> None:
	"""The review has its result: nobody is waited for any more, and whoever asked is told."""
	review.state = state
	review.concluded_on = site_now()
	reviews.write(review)
	review_people.release(review)
	notices.post(reviews.DOCTYPE, review.name, review_people.CONCLUDED)
	events.tell(ReviewConcluded(review.reference_doctype, review.reference_name, review.party, state))


def locked(name: str) -> tuple[Any, Any]:
	"""The reviewed document and the review, both locked and freshly read."""
	reference = frappe.db.get_value(
		reviews.DOCTYPE, name, ["reference_doctype", "reference_name"], as_dict=True
	)
	if not reference:
		raise frappe.DoesNotExistError(_("There is no review {0}.").format(escape_html(name)))
	doc = frappe.get_doc(reference.reference_doctype, reference.reference_name, for_update=True)
	return doc, frappe.get_doc(reviews.DOCTYPE, name, for_update=True)


def visible(name: str, user: str) -> Any:
	"""The review if the customer's user may see it; the same answer whether it is another's or does not exist."""
	doc = frappe.get_doc(reviews.DOCTYPE, name) if name and frappe.db.exists(reviews.DOCTYPE, name) else None
	if not doc or not ownership.may_see(doc, user):
		raise frappe.PermissionError(_("There is no review {0} that you can see.").format(escape_html(name)))
	return doc


# Parts


def _check_verdict(verdict: str, opinion: str) -> None:
	if verdict not in domain.VERDICTS:
		frappe.throw(
			_("{0} is not a decision. Choose one of {1}.").format(
				frappe.bold(escape_html(cstr(verdict))),
				", ".join(_(one, context="Service Review") for one in domain.VERDICTS),
			)
		)
	if verdict == domain.REJECTED and not opinion:
		frappe.throw(
			_("{0}: say what has to be changed.").format(frappe.bold(_("Opinion"))),
			title=_("Opinion missing"),
		)


def _check_waits(doc, review) -> None:
	if review.state != reviews.OPEN:
		raise AlreadyConcluded(
			_("{0} does not wait for a decision any more; it is {1}. Nothing was changed.").format(
				review.name, _(review.state, context="Service Review")
			)
		)
	if review.content_hash != content_hash(doc, review.part or ""):
		frappe.throw(
			_(
				"The content of {0} has changed since this review was asked for. Read it as it is now; ask for a new review if none is open."
			).format(frappe.bold(escape_html(doc.name))),
			title=_("Content changed"),
		)


def _own_row(doc, review, verdict: str) -> Any:
	"""The line of the session's user in a review inside the organization."""
	user = frappe.session.user
	if review.party == CUSTOMER:
		frappe.throw(
			_("{0} is decided by the customer. Record the customer's decision: who, when and how.").format(
				review.name
			),
			frappe.PermissionError,
		)
	if not is_staff(user):
		raise frappe.PermissionError(_("There is no review {0} that you can see.").format(review.name))
	if user in authors(doc):
		frappe.throw(
			_("You wrote on {0}, so somebody else has to decide about it.").format(
				frappe.bold(escape_html(doc.name))
			),
			frappe.PermissionError,
			title=_("Never the author"),
		)
	rows = [row for row in review.participants if row.user == user]
	if not rows and not review_people.holds_role(user, review.role):
		frappe.throw(
			_("You are not one of those asked in {0}, nor do you have the role {1}.").format(
				review.name, frappe.bold(_(review.role or ""))
			),
			frappe.PermissionError,
		)
	if verdict == domain.APPROVED and not reviews.would_count(doc, review, user):
		frappe.throw(
			_(
				"You have approved this content already, and rule {0} wants another person. Ask someone else to decide."
			).format(frappe.bold(escape_html(review.rule or ""))),
			title=_("Another person"),
		)
	pending = next((row for row in rows if row.decision == reviews.PENDING), None)
	return pending or review.append(
		"participants", {"user": user, "full_name": frappe.utils.get_fullname(user), "email": plain(user)}
	)


def _customers_row(review, on_behalf: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
	"""The line of the customer's person, and what is to be noted of how they decided."""
	if review.party != CUSTOMER:
		frappe.throw(
			_("{0} is decided by the reviewers themselves; nobody records a decision for them.").format(
				review.name
			),
			frappe.PermissionError,
		)
	name = _text(on_behalf.get("name"), _("Who decided"))
	given = {
		"channel": on_behalf["channel"],
		"recorded_by": on_behalf.get("recorded_by"),
		"recorded_how": _text(on_behalf.get("how"), _("How the customer said so")),
		"attachment": on_behalf.get("attachment"),
		"decided_on": get_datetime(on_behalf["decided_on"]) if on_behalf.get("decided_on") else None,
	}
	if given["channel"] == RECORDED:
		_check_recorded(review, name, given)
	user = on_behalf.get("user")
	pending = next(
		(
			row
			for row in review.participants
			if row.decision == reviews.PENDING
			and ((user and row.user == user) or (not user and row.full_name == name))
		),
		None,
	)
	person = {"user": user, "full_name": name, "email": plain(on_behalf.get("email"))}
	return pending or review.append("participants", person), given


def _check_recorded(review, name: str, given: dict[str, Any]) -> None:
	for label, value in (
		(_("Who decided"), name),
		(_("When"), given["decided_on"]),
		(_("How the customer said so"), given["recorded_how"]),
	):
		if not value:
			frappe.throw(_("{0} is needed to record the customer's decision.").format(frappe.bold(label)))
	if given["decided_on"] > site_now():
		frappe.throw(
			_("{0} {1} lies in the future. Enter when the customer decided.").format(
				frappe.bold(_("When")), moment(given["decided_on"])
			)
		)


def _text(value: Any, label: str) -> str:
	text = cstr(value).strip()
	if len(text) > TEXT_LENGTH:
		frappe.throw(
			_("{0} is longer than {1} characters. Shorten it.").format(frappe.bold(label), TEXT_LENGTH)
		)
	return text
