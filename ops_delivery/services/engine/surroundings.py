"""What the engine stands on and does not make: scheduler, workers, queues, mails, fonts, PDF, disk, keys, backups.

Each check says what is wrong and what to do, in a sentence; one that cannot be made says nothing and holds up no other.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Max
from frappe.utils import add_days, get_datetime, now_datetime
from frappe.utils.scheduler import is_scheduler_inactive

from ops_delivery import framework, framework_jobs
from ops_delivery.printing import fonts
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.site_time import site_now

SILENT = timedelta(hours=2)  # some job of the scheduler is due every few minutes
WAITS = timedelta(minutes=15)  # a job in the queue
MAIL_WAITS = timedelta(minutes=30)
FEWEST_BYTES, FEWEST_SHARE = 2 * 1024**3, 0.05
BACKUP_DAYS = 7


def messages() -> list[str]:
	"""What is wrong now."""
	return [line for check in WRONG for line in _asked(check)]


def advice() -> list[str]:
	"""What an administrator would do better."""
	return [line for check in BETTER for line in _asked(check)]


def _asked(check: Callable[[], list[str]]) -> list[str]:
	try:
		return check()
	except Exception:
		frappe.logger("ops_delivery").warning(f"the health could not ask {check.__name__}", exc_info=True)
		return []


def workers() -> list[str]:
	"""Whether anybody works off the queues, and how far behind they are."""
	if not framework_jobs.queue_answers():
		return [_("The queue of jobs does not answer: nothing is done in the background. Start its server, and the workers.")]
	found = framework_jobs.queues()
	idle = [name for name, (listening, _waiting, _oldest) in found.items() if not listening]
	lines = []
	if len(idle) == len(found):
		lines.append(_("No worker is running, so no job is done and no mail is sent. Start the workers."))
	elif idle:
		lines.append(_("No worker takes jobs from: {0}. Start one for it.").format(", ".join(idle)))
	for name, (listening, waiting, oldest) in found.items():
		late = oldest and now_datetime() - oldest > WAITS
		if listening and waiting and late:
			lines.append(
				_("{0} jobs wait in the queue {1}, the oldest for {2}. Start more workers, or see what holds them.").format(
					waiting, name, wording.duration(int((now_datetime() - oldest).total_seconds()))
				)
			)
	return lines


def scheduler() -> list[str]:
	"""Whether the scheduler's process runs; that it is switched off says the health itself."""
	if is_scheduler_inactive(verbose=False):
		return []
	table = frappe.qb.DocType("Scheduled Job Type")
	last = frappe.qb.from_(table).select(Max(table.last_execution)).where(table.stopped == 0).run()[0][0]
	if last and now_datetime() - get_datetime(last) > SILENT:
		return [
			_("The scheduler last began a job {0} ago. Start its process.").format(
				wording.duration(int((now_datetime() - get_datetime(last)).total_seconds()))
			)
		]
	return []


def mails() -> list[str]:
	"""Mails of the whole site that wait or have failed."""
	if frappe.are_emails_muted():
		return []
	queue = frappe.qb.DocType("Email Queue")
	count = frappe.qb.from_(queue).select(Count("*"))
	waiting = count.where(
		(queue.status == "Not Sent") & (queue.creation < site_now() - MAIL_WAITS) & queue.send_after.isnull()
	).run()[0][0]
	failed = count.where((queue.status == "Error") & (queue.creation > add_days(site_now(), -7))).run()[0][0]
	lines = []
	if waiting:
		lines.append(
			_("{0} mails have waited for more than half an hour. Check the workers and the outgoing Email Account.").format(
				waiting
			)
		)
	if failed:
		lines.append(_("{0} mails of the last seven days failed: see Email Queue, state Error.").format(failed))
	if not frappe.db.exists("Email Account", {"enable_outgoing": 1, "default_outgoing": 1}):
		lines.append(_("There is no default outgoing Email Account, so no mail can be sent. Make one."))
	return lines


def disk() -> list[str]:
	"""Room for files, prints and backups."""
	usage = shutil.disk_usage(frappe.get_site_path())
	if usage.free < FEWEST_BYTES or usage.free < FEWEST_SHARE * usage.total:
		return [
			_("The disk of this site has {0} left of {1}. Make room: files, prints and backups need it.").format(
				f"{usage.free / 1024**3:.1f} GB", f"{usage.total / 1024**3:.0f} GB"
			)
		]
	return []


def keys() -> list[str]:
	"""Whether what is sealed here can be opened: passwords of mail accounts, links in mails."""
	if "encryption_key" not in frappe.local.conf:
		return []
	auth = frappe.qb.Table("__Auth")
	rows = frappe.qb.from_(auth).select(auth.password).where(auth.encrypted == 1).limit(1).run(pluck=True)
	if rows and not framework.can_decrypt(rows[0]):
		return [
			_(
				"The encryption key of this site does not open what is stored: passwords of mail accounts and links in mails do not work. Put the key of the original site into {0}."
			).format("site_config.json")
		]
	return []


def pdf() -> list[str]:
	"""Whether PDFs can be made, and Chinese in them."""
	try:
		import weasyprint
	except (ImportError, OSError) as error:
		return [_("PDFs cannot be made: {0}. Install what {1} needs.").format(str(error)[:200], "WeasyPrint")]
	if not fonts.installed((*fonts.HAN, *fonts.HAN_TRUETYPE), 400, False):
		return [_("No Chinese face is installed, so Chinese is missing in PDFs. Install one, such as {0}.").format("fonts-noto-cjk")]
	return []


def backup() -> list[str]:
	"""The last backup in the site's own folder; others are not known here."""
	folder = Path(frappe.get_site_path("private", "backups"))
	taken = [path.stat().st_mtime for path in folder.glob("*-database*")] if folder.is_dir() else []
	if not taken:
		return [_("No backup lies in this site's folder. If none is made elsewhere, set one up.")]
	last = datetime.fromtimestamp(max(taken))
	days = (datetime.now() - last).days
	if days >= BACKUP_DAYS:
		return [_("The last backup in this site's folder is {0} days old. See that backups are made.").format(days)]
	return []


WRONG: tuple[Callable[[], list[str]], ...] = (workers, scheduler, mails, disk, keys, pdf)
BETTER: tuple[Callable[[], list[str]], ...] = (backup,)
