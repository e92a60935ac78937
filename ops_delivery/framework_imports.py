"""How Frappe's Data Import asks us to read a file: what framework_prints.py is for prints.

No version has a seam between the file and the rows: the check of choices and links, the reading of days and numbers stand
before any document of ours is there. So one class of Frappe's has one of ours in its place, once a process, from when the first
Data Import is opened (ops_delivery/data_import.py). The hooks of the very site are asked; a site without the app imports as
Frappe does.
"""

from __future__ import annotations

import frappe
from frappe.core.doctype.data_import import importer

READ = "ops_delivery_read_import"  # hook: function of an ImportFile whose raw_data is read and whose rows are not yet made


def ask_for_values() -> None:
	"""Have Frappe's ImportFile ask the hook `ops_delivery_read_import` before it makes rows of what it has read."""
	if getattr(importer.ImportFile, "asks_for_values", False):
		return

	class ImportFile(importer.ImportFile):
		asks_for_values = True

		def parse_data_from_template(self) -> None:
			for hook in frappe.get_hooks(READ):
				frappe.get_attr(hook)(self)
			super().parse_data_from_template()

	importer.ImportFile = ImportFile
