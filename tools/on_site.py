"""What is done with Frappe at hand. Run by the bench's Python from sites/:

on_site.py SITE wizard COMPANY-AS-JSON    complete the set-up wizard
on_site.py SITE install-again            call the app's install hooks once more: they may be, and add what is new
on_site.py SITE forget-cache              what Redis keeps of the site, whose database was replaced
on_site.py SITE fingerprint FILE          the database's tables, columns, names of rows and single values, as JSON
on_site.py SITE demo FILE                 make the demo data; the log-ins go to FILE as JSON
on_site.py SITE web HOST PORT             serve the site, its assets and files
on_site.py SITE schedule                  enqueue this site's scheduled jobs when they are due, and no other site's
"""

import json
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import frappe

# Tables whose rows have no telling name, and what tells them apart.
NAMELESS = {
	"tabDefaultValue": "concat_ws(' ', parent, defkey)",
	"tabInstalled Application": "app_name",
	"tabPatch Log": "patch",
	"tabPortal Menu Item": "title",
}
SYSTEM_MANAGER = "site-administrator@example.com"


@contextmanager
def opened(site: str):
	frappe.init(site=site, force=True)
	frappe.connect()
	try:
		yield
		frappe.db.commit()
	finally:
		frappe.destroy()


def wizard(site: str, company: str) -> None:
	from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

	with opened(site):
		year = date.today().year
		setup_complete(
			{
				**json.loads(company),
				"fy_start_date": f"{year}-01-01",
				"fy_end_date": f"{year}-12-31",
				"chart_of_accounts": "Standard",
				"bank_account": "Bank",
				"enable_telemetry": 0,
			}
		)
		make_system_manager()
		frappe.db.set_single_value("System Settings", "enable_onboarding", 0)


def make_system_manager() -> None:
	"""A site without one gives that role to whatever user is made next, so roles would mean nothing there."""
	if not frappe.db.exists("User", SYSTEM_MANAGER):
		user = frappe.get_doc({"doctype": "User", "email": SYSTEM_MANAGER, "first_name": "Site Administrator"})
		user.flags.no_welcome_mail = True
		user.append_roles("System Manager")
		user.insert()


def install_again(site: str) -> None:
	with opened(site):
		make_system_manager()
		for hook in ("after_install", "after_sync"):
			for path in frappe.get_hooks(hook, app_name="ops_delivery"):
				frappe.get_attr(path)()


def forget_cache(site: str) -> None:
	frappe.init(site=site)
	frappe.cache.delete_keys("")
	frappe.destroy()


def fingerprint(site: str, result: str) -> None:
	columns: dict[str, set[str]] = {}
	lines: list[str] = []
	with opened(site):
		for table, column in frappe.db.sql(
			"select table_name, column_name from information_schema.columns where table_schema = database()"
		):
			columns.setdefault(table, set()).add(column)
			lines.append(f"{table}.{column}")
		for table, has in columns.items():
			if table.startswith("tab") and "name" in has:
				rows = frappe.db.sql_list(f"select {say_row(table, has)} from `{table}`")
				lines += [f"{table}: {row}" for row in rows]
		for row in frappe.db.sql("select doctype, field, value from tabSingles where field not like 'modified%'"):
			lines.append("{}.{} = {}".format(*row))
	seen: Counter[str] = Counter()
	for index, line in enumerate(lines):
		seen[line] += 1
		lines[index] = line if seen[line] == 1 else f"{line} #{seen[line]}"
	Path(result).write_text(json.dumps(lines))


def say_row(table: str, columns: set[str]) -> str:
	"""SQL for what a row is: its name, or where a name tells nothing and is new when the row is written again, its place."""
	if table in NAMELESS:
		return NAMELESS[table]
	return "concat_ws(' ', parenttype, parent, parentfield)" if "parentfield" in columns else "name"


def demo(site: str, result: str) -> None:
	with opened(site):
		log_ins = frappe.get_attr("ops_delivery.setup.demo.make")()
	Path(result).write_text(json.dumps(log_ins, default=str))


def web(site: str, host: str, port: str) -> None:
	import frappe.app
	from werkzeug.serving import run_simple

	frappe.app._site = site
	run_simple(host, int(port), frappe.app.application_with_statics(), threaded=True)


def schedule(site: str) -> None:
	from frappe.utils.scheduler import enqueue_events_for_site

	while True:
		enqueue_events_for_site(site)
		time.sleep(30)


if __name__ == "__main__":
	site, command, *arguments = sys.argv[1:]
	commands = (wizard, install_again, forget_cache, fingerprint, demo, web, schedule)
	{function.__name__: function for function in commands}[command.replace("-", "_")](site, *arguments)
