"""People were part of what an agreement's reviews and signatures covered; where any were given, they stay so.

Its fingerprint would be another one otherwise, and every signature void. Agreements that begin their reviews from here on
are reviewed and signed without their people (services/reviews/registry.py).
"""

import frappe


def execute():
	agreement = frappe.qb.DocType("Service Agreement")
	for doctype in ("Service Review", "Service Signature"):
		kept = frappe.qb.DocType(doctype)
		about = frappe.qb.from_(kept).select(kept.reference_name).where(kept.reference_doctype == "Service Agreement")
		frappe.qb.update(agreement).set(agreement.people_are_content, 1).where(agreement.name.isin(about)).run()
