"""Commands of bench.

    bench --site SITE ops-delivery-leaving [--write FILE]
"""

from __future__ import annotations

import click
import frappe
from frappe.commands import get_site, pass_context


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


commands = [show_leaving]
