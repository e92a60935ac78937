"""Frappe's Data Import, which reads files for records of ours as people write them, and never makes evidence of them."""

from typing import Any

from frappe.core.doctype.data_import.data_import import DataImport

from ops_delivery import framework_imports
from ops_delivery.services.administration import import_values

framework_imports.ask_for_values()


class ReadsOurs:
	"""Mixed into Data Import, whatever class another app has for it (extend_doctype_class of Frappe 16)."""

	def validate_doctype(self) -> None:
		import_values.refuse_evidence(self.reference_doctype)
		if not import_values.is_taken_too(self.reference_doctype):
			super().validate_doctype()


class OurDataImport(ReadsOurs, DataImport):
	"""override_doctype_class on 15, which mixes no classes."""
