"""Commands of bench.

    bench --site SITE ops-delivery-leaving [--write FILE]
    bench --site SITE ops-delivery-reading-days [--check]
    bench --site SITE ops-file-key [--make] [--rotate] [--drop ID]
"""

from __future__ import annotations

import click
import frappe
from frappe.commands import get_site, pass_context

MOST_SHOWN = 100


@click.command("ops-delivery-leaving")
@click.option("--write", metavar="FILE", help="Write what you made as JSON to this file, too.")
@pass_context
def show_leaving(context, write: str | None = None) -> None:
	"""Show what uninstalling ops_delivery takes along of what you made, and what stays. Changes nothing."""
	from ops_delivery.setup import leaving

	with frappe.init_site(get_site(context)):
		frappe.connect()
		for line in leaving.lines():
			click.echo(line)
		if write and (path := leaving.write_down(write)):
			click.echo(frappe._("Written to {0}").format(path))


@click.command("ops-delivery-reading-days")
@click.option("--check", is_flag=True, help="Change nothing; list the days that are not what their readings say.")
@pass_context
def count_reading_days(context, check: bool = False) -> None:
	"""Count the days anew from which trends are drawn, and compare each with its readings. Exit code 1 where one differs."""
	from ops_delivery.services.routine import reading_days

	with frappe.init_site(get_site(context)):
		frappe.connect()
		if not check:
			click.echo(frappe._("Days counted: {0}").format(reading_days.recount()))
		found = reading_days.check()
		for one in found[:MOST_SHOWN]:
			key = one.key
			click.echo(f"{key.service_object} {key.step_key} {key.customer} {key.day}: {_told(one.stored)} ≠ {_told(one.counted)}")
		click.echo(frappe._("Days that differ from their readings: {0}").format(len(found)))
		if found:
			raise SystemExit(1)


@click.command("ops-file-key")
@click.option("--make", is_flag=True, help="Make a key and write it into the site's configuration; from now on it encrypts.")
@click.option("--rotate", is_flag=True, help="Wrap the data keys of all encrypted files by the newest key. May be repeated.")
@click.option("--drop", metavar="ID", help="Take a key out of the configuration, if no file needs it.")
@pass_context
def file_key(context, make: bool = False, rotate: bool = False, drop: str | None = None) -> None:
	"""Keys of encrypted files of deliverables: how many files are encrypted by which. Exit code 1 where a key that is needed is not there."""
	from ops_delivery.services.deliverables import file_keys, sealing

	with frappe.init_site(get_site(context)):
		frappe.connect()
		if make:
			click.echo(frappe._("Key {0} was made. Copy the site's configuration to a safe place: without it the files are lost.").format(file_keys.make()))
		if rotate:
			counted = sealing.rotate()
			click.echo(frappe._("Files now under the newest key: {0}; not possible: {1}").format(counted["done"], counted["lost"]))
		used, keys = sealing.keys_in_use(), file_keys.all_of_site()
		if drop and used.get(drop):
			click.echo(frappe._("Key {0} is needed by {1} files. Use {2} first.").format(drop, used[drop], "--rotate"))
			raise SystemExit(1)
		if drop:
			file_keys.forget(drop)
			keys.pop(drop, None)
		for name in dict.fromkeys((*keys, *used)):
			click.echo(f"{name}: {used.get(name, 0)}" + ("" if name in keys else " " + frappe._("(not in the configuration)")))
		if set(used) - set(keys):
			raise SystemExit(1)


def _told(figures) -> str:
	return " ".join(f"{float(one):g}" for one in figures) if figures else "-"


commands = [show_leaving, count_reading_days, file_key]
