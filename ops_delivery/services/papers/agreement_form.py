"""What makes a contract of an agreement's paper: the parties, numbered articles and annexes, the fee in words, the page of the seals (5.2)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.domain import chinese_numbers
from ops_delivery.services.agreements import parties
from ops_delivery.services.papers import money_words
from ops_delivery.services.reviews import readership
from ops_delivery.services.shared.locale import text

LABELS = {
	"party_name": "Name",
	"address": "Address",
	"registration_number": "Registration No.",
	"legal_representative": "Legal representative",
	"authorised_representative": "Authorised representative",
	"contact_person": "Contact person",
	"phone": "Telephone",
	"bank": "Bank",
	"bank_account": "Account No.",
}


class AgreementForm:
	"""The form of the paper; `AgreementPaper` has its articles."""

	doc: Any
	paper: Any
	articles = annexes = 0

	def article(self) -> str:
		"""The number of the next article, as in "Article 3" or 第三条."""
		self.articles += 1
		return _("Article {0}", context="Paper").format(_number(self.articles))

	def annex(self) -> str:
		"""The number of the next annex."""
		self.annexes += 1
		said = _("Annex No. {0}", context="Paper").format(_number(self.annexes))
		return said.replace(" ", "\N{NO-BREAK SPACE}")

	def parties(self) -> dict[str, Any]:
		"""Who concludes it: titles of the two, and rows of (label, the customer's, the supplier's)."""
		found = [self.party(party) for party in parties.PARTIES]
		labels = {name: _(label, context="Paper") for name, label in LABELS.items()}
		return {
			"titles": [
				_("Party A (customer)", context="Paper"),
				_("Party B (supplier)", context="Paper"),
			],
			"rows": [(labels[name], *(one[name] for one in found)) for name in LABELS],
		}

	def seals(self) -> list[dict[str, Any]]:
		"""The boxes of the last page, the customer's first: title, name, representative, signature where one is recorded."""
		signed = {row["party"]: row["signed"] for row in self.paper.signatures()}
		titles = (_("Party A (seal)", context="Paper"), _("Party B (seal)", context="Paper"))
		return [
			{"title": title, "name": one["party_name"], "person": one["authorised_representative"] or one["legal_representative"]}
			| {"signed": signed.get(party)}
			for title, party in zip(titles, parties.PARTIES, strict=True)
			if (one := self.party(party))
		]

	def fees(self) -> list[tuple[str, str]]:
		"""What is paid: the fee as figures and in words, how often, on which terms."""
		doc, paper = self.doc, self.paper
		pairs = [paper.pair("fee_basis"), paper.pair("fee")]
		if doc.fee and not readership.withholds(doc, "fee"):
			pairs.append((_("In words", context="Paper"), money_words.in_words(doc.fee, doc.currency)))
		return [*pairs, paper.pair("billing_frequency"), paper.pair("payment_terms")]

	def sealed_as(self) -> str:
		"""The line above the seals: of which agreement this is the page."""
		doc = self.doc
		return _("Page of signatures and seals of {0}, No. {1}, version {2}.", context="Paper").format(
			text(doc.title), doc.agreement_number or doc.name, doc.version or 1
		)

	def party(self, party: str) -> dict[str, str]:
		"""What stands of a party on the paper: only its name for readers who may read no more."""
		if readership.withholds(self.doc, "parties"):
			return dict.fromkeys(parties.FIELDS, "") | {"party_name": parties.name_of(self.doc, party)}
		return {name: text(value) for name, value in parties.shown(self.doc, party).items()}


def _number(number: int) -> str:
	return chinese_numbers.article(number) if cstr(frappe.local.lang).startswith("zh") else str(number)
