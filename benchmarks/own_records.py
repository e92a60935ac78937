"""What the benchmarks of this folder share: whatever a benchmark's set-up commits is taken away again, however it ends."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import frappe


@contextmanager
def taken_away(besides: Callable[[], None] | None = None, but: Collection[str] = ()) -> Iterator[None]:
	"""Within it every document that is inserted is remembered, and deleted at the end, the newest first.

	`besides` takes away what came about without a document; `but`: DocTypes whose rows are left.
	"""
	from frappe.model.base_document import BaseDocument

	inserted, insert = [], BaseDocument.db_insert

	def remember(doc, *args, **kwargs):
		result = insert(doc, *args, **kwargs)
		if doc.doctype not in but:
			inserted.append((doc.doctype, doc.name))
		return result

	with patch.object(BaseDocument, "db_insert", remember):
		try:
			yield
		finally:
			frappe.db.rollback()
			if besides:
				besides()
			for doctype, name in reversed(inserted):
				frappe.db.delete(doctype, {"name": name})
			frappe.db.commit()
			frappe.clear_cache()
