"""What every desk page is told of this app: whether it is in use here, and where its scripts are (public/js/desk.js).

The bundles are built by `bench build`. In a bench where they are not built their sources are named one by one instead.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import frappe
from frappe.utils import strip_html
from pypika.terms import ExistsCriterion

from ops_delivery.domain.state_colours import COLOURS
from ops_delivery.permissions import switches
from ops_delivery.permissions.role_names import ROLES
from ops_delivery.services.scope import issue_scope as ours

MODULE = "Ops Delivery"
MOST_PEOPLE = 2000
PUBLIC, ASSETS = Path(frappe.get_app_path("ops_delivery")) / "public", "/assets/ops_delivery"
DESK, ISSUE, LOOKS = "desk", "issue", "looks"
SCRIPTS = {DESK: "ops_desk.bundle.js", ISSUE: "ops_issue.bundle.js"}
STYLES = {LOOKS: "css/desk.css"}
# fetched with the looks; the light stands above the workspace of whoever administers the site
WIDGETS, LIGHT, ADMINISTRATOR = "js/host_widgets.js", "js/health_light.js", "System Manager"
NAMES = "js/people_names.js"  # of people, in our lists, too
# the host's forms that show something of ours, once there is something to show
HOST_FORMS = {
	"Issue": (LOOKS, DESK, ISSUE),
	"Task": (LOOKS, DESK),
	"Project": (LOOKS, DESK),
}
# made by hand, without an agreement; what else is looked for is known already (permissions/switches.py)
MADE = ("Service Agreement", "Delivery Plan", "Optimization Plan", "Consulting Plan", "Improvement Action")
IMPORT = re.compile(r'^import "\./(.+)";$', re.M)


def extend(bootinfo: Any) -> None:
	"""Hook extend_bootinfo, which is asked with every load of the desk."""
	in_use = is_in_use()
	bootinfo["ops_delivery"] = {
		"in_use": in_use,
		"people": people() if in_use else {},
		"every_issue": switches.now().rule == switches.OURS,
		"scripts": {
			**{part: script_addresses(bundle) for part, bundle in SCRIPTS.items()},
			LOOKS: [_address(WIDGETS), _address(NAMES), *([_address(LIGHT)] if ADMINISTRATOR in frappe.get_roles() else ())],
		},
		"styles": {part: [_address(path)] for part, path in STYLES.items()},
		"forms": list(form_names()),
		"colours": COLOURS,
		"host_forms": HOST_FORMS,
		"hosts_types": ours.hosts_types(),
		"customers_warehouses": frappe.get_meta("Warehouse").has_field("customer"),
	}


def is_in_use() -> bool:
	"""Whether anything of ours was ever made here, or every Issue is ours; one query as long as nothing was."""
	found = switches.now()
	return found.agreements or found.rule == switches.OURS or bool(found.used) or _has_made()


def people() -> dict[str, str]:
	"""The full names of the supplier's people by user, also of those who left: Frappe's links show e-mail addresses."""
	user, role = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
	ours = frappe.qb.from_(role).select(role.parent).where((role.parenttype == "User") & role.role.isin(ROLES))
	rows = (
		frappe.qb.from_(user)
		.select(user.name, user.full_name)
		.where((user.user_type == "System User") & user.name.isin(ours) & (user.full_name != user.name))
		.limit(MOST_PEOPLE)
	).run()
	# without markup: Frappe's formatter of links takes what it is given for HTML, where the reader may not open users
	return {name: plain for name, full_name in rows if (plain := strip_html(full_name or "").replace("<", "").replace(">", "").strip())}


def script_addresses(bundle: str) -> list[str]:
	"""Where a bundle is, or the sources that it is made of, in order."""
	built = frappe.utils.get_assets_json().get(bundle)
	is_there = built and (PUBLIC / built.removeprefix(f"{ASSETS}/")).exists()  # no other checkout's build
	return [built] if is_there else [_address(f"js/{source}") for source in sources(bundle)]


@cache
def sources(bundle: str) -> tuple[str, ...]:
	"""The files that a bundle imports."""
	return tuple(IMPORT.findall((PUBLIC / "js" / bundle).read_text()))


@cache
def form_names() -> tuple[str, ...]:
	"""Our DocTypes that have a form; from the files, as they are for every site of the bench."""
	folder = PUBLIC.parent / "ops_delivery" / "doctype"
	found = (json.loads(path.read_text()) for path in folder.glob("*/*.json"))
	return tuple(sorted(doctype["name"] for doctype in found if not doctype.get("istable")))


def _address(path: str) -> str:
	return f"{ASSETS}/{path}?v={int((PUBLIC / path).stat().st_mtime)}"


def _has_made() -> bool:
	some = frappe.qb.DocType("DocType")
	tables = [frappe.qb.DocType(doctype) for doctype in MADE]
	questions = [ExistsCriterion(frappe.qb.from_(table).select(table.name)) for table in tables]
	return any(frappe.qb.from_(some).limit(1).select(*questions).run()[0])
