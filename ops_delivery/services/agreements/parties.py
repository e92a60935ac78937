"""Who concludes an agreement, as its paper says it: names, addresses, numbers, who stands for them, their bank (5.2).

What ERPNext knows (Company, Customer, Address, Contact, Bank Account) is taken over when an agreement is made; from then on the rows
are the agreement's own, and are reviewed and signed with it. What is reviewed or signed says nothing of them that it does not have itself.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, strip_html

CUSTOMER, SUPPLIER = PARTIES = ("Customer", "Supplier")
DRAFT = "Draft"
RECORDS = {CUSTOMER: "customer", SUPPLIER: "company"}
FIELDS = (
	"party_name",
	"address",
	"registration_number",
	"legal_representative",
	"authorised_representative",
	"contact_person",
	"phone",
	"bank",
	"bank_account",
)


def fill(doc: Any) -> None:
	"""Before a draft is saved: the row of a party that is new to it is made from its records; none where these say nothing but
	the name. frappe.ValidationError for two rows of one party."""
	if doc.docstatus != 0:
		return
	before = doc.get_doc_before_save()
	for party, field in RECORDS.items():
		if not doc.get(field) or (before and before.get(field) == doc.get(field)):
			continue
		if before and before.get(field):  # what was said of another one
			doc.parties = [row for row in doc.parties if row.party != party]
		if not of(doc, party):
			values = known(doc, party)
			if any(value for name, value in values.items() if name != "party_name"):
				doc.append("parties", {"party": party, **values})
	_check(doc)


def of(doc: Any, party: str) -> Any:
	"""The agreement's own row of a party; None where it has none."""
	return next((row for row in doc.get("parties") or [] if row.party == party), None)


def shown(doc: Any, party: str) -> dict[str, str]:
	"""What stands on the paper for a party: its row. Without one, of a draft that is still written what its records say; beside
	reviews and seals its name alone, with room for a pen, as nobody saw what the records say today."""
	row = of(doc, party)
	if row:
		found = {name: cstr(row.get(name)).strip() for name in FIELDS}
	elif doc.docstatus == 0 and (doc.get("status") or DRAFT) == DRAFT:
		found = known(doc, party)
	else:
		found = dict.fromkeys(FIELDS, "")
	found["party_name"] = found["party_name"] or name_of(doc, party)
	return found


def known(doc: Any, party: str) -> dict[str, str]:
	"""What the records of ERPNext say of a party, by FIELDS; "" for what they do not say."""
	found = dict.fromkeys(FIELDS, "") | (_of_customer(doc) if party == CUSTOMER else _of_company(doc.company))
	return {name: cstr(value).strip() for name, value in found.items()} | {"party_name": name_of(doc, party)}


def name_of(doc: Any, party: str) -> str:
	"""What a party is called: the customer by its name, the supplier as its company."""
	return cstr(doc.customer_name or doc.customer if party == CUSTOMER else doc.company)


def _of_customer(doc: Any) -> dict[str, Any]:
	row = doc.customer and frappe.db.get_value(
		"Customer", doc.customer, ["tax_id", "customer_primary_address", "customer_primary_contact"], as_dict=True
	)
	if not row:
		return {}
	person = frappe._dict(
		(
			row.customer_primary_contact
			and frappe.db.get_value(
				"Contact", row.customer_primary_contact, ["first_name", "last_name", "phone", "mobile_no"], as_dict=True
			)
		)
		or {}
	)
	return {
		"registration_number": row.tax_id,
		"address": _address(row.customer_primary_address or _address_of("Customer", doc.customer)),
		"contact_person": " ".join(filter(None, (person.first_name, person.last_name))),
		"phone": person.phone or person.mobile_no,
		**_bank({"party_type": "Customer", "party": doc.customer}),
	}


def _of_company(company: str | None) -> dict[str, Any]:
	row = company and frappe.db.get_value("Company", company, ["tax_id", "phone_no"], as_dict=True)
	if not row:
		return {}
	return {
		"registration_number": row.tax_id,
		"address": _address(_address_of("Company", company)),
		"phone": row.phone_no,
		**_bank({"is_company_account": 1, "company": company}),
	}


def _address_of(doctype: str, name: str) -> str | None:
	"""The address of a record that is in use: the main one, else the one that was entered first."""
	link = {"link_doctype": doctype, "link_name": name, "parenttype": "Address"}
	names = frappe.get_all("Dynamic Link", filters=link, pluck="parent", order_by="creation", limit=50)
	found = frappe.get_all(
		"Address",
		filters={"name": ["in", names or [""]], "disabled": 0},
		pluck="name",
		order_by="is_primary_address desc, creation asc",
		limit=1,
	)
	return found[0] if found else None


def _address(name: str | None) -> str:
	row = name and frappe.db.get_value(
		"Address", name, ["pincode", "state", "city", "address_line1", "address_line2"], as_dict=True
	)
	if not row:
		return ""
	said = [cstr(row.get(field)).strip() for field in ("address_line1", "address_line2", "city", "state", "pincode")]
	return strip_html(", ".join(filter(None, said)))


def _bank(filters: dict[str, Any]) -> dict[str, Any]:
	"""The account, for whoever may read it: it is no part of what a customer's or company's record shows."""
	found = frappe.get_all(
		"Bank Account",
		filters={**filters, "disabled": 0},
		fields=["name", "bank", "branch_code", "bank_account_no", "iban"],
		order_by="is_default desc, creation asc",
		limit=1,
	)
	if not found or not frappe.has_permission("Bank Account", "read", doc=found[0].name):
		return {}
	(row,) = found
	return {"bank": " ".join(filter(None, (row.bank, row.branch_code))), "bank_account": row.bank_account_no or row.iban}


def _check(doc: Any) -> None:
	for at, row in enumerate(doc.get("parties") or []):
		if any(row.party == earlier.party for earlier in doc.parties[:at]):
			frappe.throw(
				_("Parties, row {0}: {1} is listed twice. Remove one row.").format(
					row.idx or at + 1, frappe.bold(_(row.party, context=row.doctype))
				)
			)
