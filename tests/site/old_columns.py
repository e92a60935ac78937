"""Columns that sites from before have and this one never had, for the tests of the patches that empty them. Mark such a test `committed`."""

from contextlib import contextmanager

import frappe


@contextmanager
def standing(doctype: str, column: str, kind: str = "varchar(140)"):
	"""Add a column while it lasts: the database commits with it, before what follows and after it."""
	frappe.db.sql_ddl(f"alter table `tab{doctype}` add column `{column}` {kind}")
	_forget(doctype)
	try:
		yield
	finally:
		frappe.db.rollback()
		frappe.db.sql_ddl(f"alter table `tab{doctype}` drop column `{column}`")
		_forget(doctype)


def _forget(doctype: str) -> None:
	"""Frappe keeps which columns a table has, 15 in Redis and 16 in the process, too."""
	frappe.cache.hdel("table_columns", f"tab{doctype}")
	if kept := getattr(frappe, "client_cache", None):
		kept.delete_value(f"table_columns::tab{doctype}")
