"""Two sets of the engine's tables, one with few and one with many clocks, that take turns in the place of a site's own."""

from contextlib import contextmanager

import frappe

FEW, MANY, OWN = "_few_", "_many_", "_own_"
SWAPPED = (
	"Issue",
	"Service Clock",
	"Service Clock Event",
	"Service Clock Trigger",
	"Escalation Log",
	"Escalation Log Recipient",
	"Service Notice",
	"Notification Log",
	"Email Queue",
	"Email Queue Recipient",
	"Communication",
	"Version",
)


def copy_issue(issue: str, tag: str, copies: int, seconds: int = 0, spread_days: int = 0) -> None:
	"""Copies of an Issue with its clocks, ledger and triggers, made by the database.

	All of a copy lies `seconds` later than the pattern; with `spread_days` the deadlines are spread over so many days.
	"""
	clocks = frappe.get_all("Service Clock", {"reference_name": issue}, pluck="name", order_by="name")
	later_seconds = f"({seconds} + nr * 7919 %% {max(1, spread_days * 86400)})"
	later = f"INTERVAL {later_seconds} SECOND"
	name = f"CONCAT('{tag}-', nr)"
	_insert("Issue", copies, {"name": name}, {"name": issue})
	for number, clock in enumerate(clocks):
		own = f"LEFT(MD5(CONCAT('{tag}{number}-', nr)), 16)"
		moved = {"name": own, "reference_name": name, "due_on": f"due_on + {later}"}
		if seconds:
			for fieldname in ("started_on", "last_event_on", "stopped_on"):
				moved[fieldname] = f"{fieldname} + {later}"
		_insert("Service Clock", copies, moved, {"name": clock})
		_insert(
			"Service Clock Event",
			copies,
			{"name": f"LEFT(MD5(CONCAT(name, '{tag}', nr)), 16)", "clock": own, "at": f"at + {later}"},
			{"clock": clock},
		)
		_insert(
			"Service Clock Trigger",
			copies,
			{
				"name": f"LEFT(MD5(CONCAT(name, '{tag}', nr)), 16)",
				"clock": own,
				"due_on": f"due_on + {later}",
				"run_at": f"run_at + {later}",
				"run_epoch": f"run_epoch + {later_seconds}",
			},
			{"clock": clock},
		)


def _insert(doctype: str, copies: int, changed: dict[str, str], pattern: dict[str, str]) -> None:
	columns = frappe.db.get_table_columns(doctype)
	((where, value),) = pattern.items()
	values = [
		f"{changed[column]} AS `{column}`" if column in changed else f"`{column}`" for column in columns
	]
	run_sql(
		f"INSERT INTO `tab{doctype}` ({', '.join(f'`{column}`' for column in columns)}) "
		f"SELECT {', '.join(values)} FROM (SELECT * FROM `tab{doctype}` WHERE `{where}` = %s) pattern, "
		f"(SELECT seq AS nr FROM seq_1_to_{copies}) numbers ORDER BY {columns.index('name') + 1}",
		(value,),
	)
	frappe.db.commit()


def forget(issue: str) -> None:
	clocks = frappe.get_all("Service Clock", {"reference_name": issue}, pluck="name")
	frappe.db.delete("Service Clock Trigger", {"clock": ["in", clocks]})
	frappe.db.delete("Service Clock Event", {"clock": ["in", clocks]})
	frappe.db.delete("Service Clock", {"name": ["in", clocks]})
	frappe.db.delete("Issue", {"name": issue})


_aside: list[tuple[str, str]] = []


def set_aside_indexes(prefix: str) -> None:
	"""Filling a table is quicker without its indexes; add_indexes() builds them at the end."""
	for doctype in ("Issue", "Service Clock", "Service Clock Event", "Service Clock Trigger"):
		table = f"{prefix}tab{doctype}"
		keys: dict[str, list] = {}
		for row in frappe.db.sql(f"SHOW INDEX FROM `{table}` WHERE Key_name != 'PRIMARY'", as_dict=True):
			keys.setdefault(row.Key_name, []).append(row)
		if keys:
			run_sql(f"ALTER TABLE `{table}` {', '.join(f'DROP INDEX `{key}`' for key in keys)}")
			added = ", ".join(
				f"ADD {'' if rows[0].Non_unique else 'UNIQUE '}INDEX `{key}` "
				f"({', '.join(f'`{row.Column_name}`' for row in rows)})"
				for key, rows in keys.items()
			)
			_aside.append((f"tab{doctype}", added))


def add_indexes() -> None:
	use(MANY)
	for table, added in _aside:
		run_sql(f"ALTER TABLE `{table}` {added}")


@contextmanager
def two_sets():
	"""The site's own tables aside, two empty sets of the same make instead; put back and dropped in the end."""
	try:
		for doctype in SWAPPED:
			for prefix in (FEW, MANY):
				run_sql(f"CREATE TABLE `{prefix}tab{doctype}` LIKE `tab{doctype}`")
		yield
	finally:
		put_back()


def use(prefix: str) -> None:
	"""Have one set stand in the place of the site's tables."""
	now = _in_use()
	if now == prefix:
		return
	frappe.db.commit()
	renames = [
		rename
		for doctype in SWAPPED
		for rename in (
			f"`tab{doctype}` TO `{now}tab{doctype}`",
			f"`{prefix}tab{doctype}` TO `tab{doctype}`",
		)
	]
	run_sql(f"RENAME TABLE {', '.join(renames)}")


def _in_use() -> str:
	"""Which set stands in the place of the site's tables: the one of which no table stands aside."""
	aside = {row[0] for row in frappe.db.sql("SHOW TABLES")}
	return next(prefix for prefix in (FEW, MANY, OWN) if f"{prefix}tabIssue" not in aside)


def put_back() -> None:
	frappe.db.rollback()
	tables = {row[0] for row in frappe.db.sql("SHOW TABLES")}
	if f"{OWN}tabIssue" in tables:
		use(OWN)
	for doctype in SWAPPED:
		for prefix in (FEW, MANY):
			run_sql(f"DROP TABLE IF EXISTS `{prefix}tab{doctype}`")
	frappe.db.commit()
	frappe.clear_cache()


def run_sql(statement: str, values=()) -> None:
	frappe.db.commit()
	frappe.db.sql(statement, values)
