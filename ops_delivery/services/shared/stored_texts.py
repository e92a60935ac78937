"""What stands in the database and nobody changed is not cleaned anew, where a fingerprint is taken of it.

Frappe cleans every text at every save, and each version in its own way: 16 adds rel="noopener noreferrer" to a link and
closes up the spaces of a style that 15 had put there. So the next save of a document from 15 would change its content, and
with it void the signatures and approvals that were given for it.
"""

from __future__ import annotations

from typing import Any


class StoredTexts:
	"""Mixed into the controllers of documents whose content has a fingerprint."""

	def _validate(self) -> None:
		unchanged = unchanged_texts(self)
		super()._validate()
		for row, texts in unchanged:
			row.update(texts)


def unchanged_texts(doc: Any) -> list[tuple[Any, dict[str, str]]]:
	"""The document and its rows, each with those of its texts with markup that are as they are stored."""
	before = doc.get_doc_before_save()
	if before is None:
		return []
	stored = {(row.doctype, row.name): row for row in (before, *before.get_all_children())}
	found = []
	for row in (doc, *doc.get_all_children()):
		old = stored.get((row.doctype, row.name))
		texts = {
			df.fieldname: value
			for df in (row.meta.fields if old else ())
			if isinstance(value := row.get(df.fieldname), str)
			and "<" in value
			and value == old.get(df.fieldname)
		}
		if texts:
			found.append((row, texts))
	return found
