"""Install, migrate and uninstall. Every function here may be called again, also from a patch."""

from __future__ import annotations

import frappe

from ops_delivery.services.clocks import rule_choice
from ops_delivery.services.deliverables import sealing
from ops_delivery.services.engine import host_check
from ops_delivery.services.engine import process_caches as kept
from ops_delivery.services.evidence import catalogue
from ops_delivery.services.host import host_words
from ops_delivery.services.outbox import waking
from ops_delivery.services.papers import kept_prints
from ops_delivery.services.portal import switch as portal_switch
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.shared import install_state as memory
from ops_delivery.setup import (
	fields,
	host_rules,
	layouts,
	leaving,
	menu_rows,
	notifications,
	own_roles,
	print_generator,
	ready_made,
	roles,
	searching,
	seed_administrator,
	seeds,
	workflows,
)
from ops_delivery.setup import uninstall_cleanup as leavings


def before_install() -> None:
	"""Before our DocTypes are there: what will later tell our roles from the site's."""
	roles.note_existing()


def after_install() -> None:
	"""Everything a new site needs to begin with."""
	fields.create()
	print_generator.offer()
	roles.make()
	seeds.plant_all()
	workflows.seed_workflows()
	seeds.plant_reviews()
	seeds.plant_visits()
	seeds.plant_surveys()
	seeds.plant_complaints()
	seeds.plant_routine()
	seeds.plant_deliverables()
	seeds.plant_evidence()
	seeds.plant_administrator()
	seed_administrator.complete()
	notifications.seed_notifications()
	searching.offer()


def after_sync() -> None:
	"""When the scheduler's jobs are there: nothing of ours runs every minute until there is something to watch."""
	waking.sleep_if_idle()
	layouts.note()


def before_migrate() -> None:
	"""Before Frappe reads the app's files again."""
	layouts.keep_edited()
	menu_rows.keep()


def after_migrate() -> None:
	"""Only what the code owns, and only where it is missing: nothing an administrator edited is touched."""
	fields.create()
	catalogue.sync()
	definitions.report_refused()
	host_check.report()
	print_generator.offer()
	host_rules.refresh()
	host_words.refresh()
	menu_rows.put_back()
	searching.offer()
	waking.sleep_if_idle()
	layouts.note()
	own_roles.refresh()


def before_uninstall() -> None:
	"""While our DocTypes are still there: take back what we put on other apps' types."""
	rule_choice.give_back()
	portal_switch.take_away()
	if failed := sealing.open_all():
		print(frappe._("Files that stay encrypted, as their key is not there: {0}").format(failed))
	if path := leaving.write_down():
		print(frappe._("What you made for {0} is written to {1}").format("ops_delivery", path))
	leaving.part()
	host_words.take_away()
	workflows.remove()
	ready_made.remove_all()
	seeds.remove()
	print_generator.withdraw()
	searching.withdraw()
	host_rules.withdraw()
	fields.remove()


def after_uninstall() -> None:
	"""When our DocTypes are gone: nothing may name them or our roles any more."""
	roles.remove()
	leavings.clear()
	memory.forget_all()
	kept.forget_all()
	kept_prints.forget_all()
	frappe.db.commit()  # nosemgrep: bench commits before this hook, and not after it
