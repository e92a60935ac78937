"""What a picker on the desk offers where plain filters cannot say it."""

import frappe

from ops_delivery.permissions.gates import staff_only
from ops_delivery.services.reviews import participants as review_people


@frappe.whitelist(methods=["GET", "POST"])
@staff_only
@frappe.validate_and_sanitize_search_inputs
def people_of_customer(
	doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: dict
) -> list[tuple[str, str]]:
	"""Query of a link to User: who of a customer can log in, as (user, full name); `filters` names the customer."""
	customer = (filters or {}).get("customer")
	frappe.has_permission("Customer", "read", customer, throw=True)
	wanted = (txt or "").lower()
	found = [
		(person["user"], person["full_name"])
		for person in review_people.at_customer(customer)
		if person["user"] and wanted in f"{person['user']} {person['full_name']}".lower()
	]
	return found[start : start + page_len]
