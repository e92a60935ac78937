"""Plain texts are stored as they were typed, whatever the version of Frappe does with what looks like a tag."""

from __future__ import annotations

from typing import Any

from ops_delivery import framework

MODULE = "Ops Delivery"


def keep_typed(doc: Any, _method: str | None = None) -> None:
	"""doc_events before_validate: every plain text of a record of ours, our fields on an Issue, and the subject of a
	request that came by our pages. Nothing else of the host's."""
	if not framework.DROPS_TAGS:
		return
	if doc.meta.module == MODULE:
		for row in (doc, *doc.get_all_children()):
			framework.keep_typed(row)
	elif doc.doctype == "Issue":
		framework.keep_typed(doc, _is_ours)
		if doc.get("via_customer_portal"):
			framework.keep_typed(doc, lambda fieldname: fieldname == "subject")


def _is_ours(fieldname: str) -> bool:
	return fieldname.startswith("ops_")
