import frappe
from frappe.model.document import Document

FULLTEXT = {"ops_title": "title_words", "ops_words": "words"}


class SearchEntry(Document):
	"""What a record is found by; see services.search.entries."""


def on_doctype_update():
	frappe.db.add_index("Search Entry", ["document_type", "document_name"], "ops_record")
	if frappe.db.db_type != "mariadb":
		return
	for index, column in FULLTEXT.items():
		if not frappe.db.has_index("tabSearch Entry", index):
			frappe.db.commit()  # nosemgrep: a change of the schema commits
			frappe.db.sql_ddl(f"alter table `tabSearch Entry` add fulltext index `{index}` (`{column}`)")
