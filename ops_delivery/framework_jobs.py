"""Where the versions of Frappe differ in jobs: queues, workers, the scheduler. As framework.py, for every room to ask."""

from __future__ import annotations

import socket
from datetime import datetime, timezone
from urllib.parse import urlsplit

import frappe
from frappe.utils import background_jobs, scheduler

QUEUE_SECONDS = 0.3


def scheduled_job_id(method: str) -> str:
	"""The id of the scheduler's own job of a method, which so never runs twice at once.

	15 makes it of the method, 16 of the name of the Scheduled Job Type.
	"""
	job = frappe.db.get_value("Scheduled Job Type", {"method": method})
	return frappe.get_cached_doc("Scheduled Job Type", job).rq_job_id if job else f"scheduled_job::{method}"


def queue_answers() -> bool:
	"""Whether anybody listens where the queue of jobs should be. Every version asks a dead one five times with a second in
	between, which a person who has just saved waits for."""
	address = urlsplit(str(frappe.conf.redis_queue or ""))
	if not address.hostname:
		return True  # a socket of this machine: Frappe finds out at once
	try:
		socket.create_connection((address.hostname, address.port or 6379), QUEUE_SECONDS).close()
	except OSError:
		return False
	return True


def queues() -> dict[str, tuple[int, int, datetime | None]]:
	"""By the name of a queue of this bench: how many workers take from it, how many jobs wait, since when the oldest does
	(the server's own time)."""
	workers = background_jobs.get_workers()
	found = {}
	for name in background_jobs.get_queue_list():
		full = background_jobs.generate_qname(name)
		queue = background_jobs.get_queue(name)
		names = queue.get_job_ids(0, 1)
		oldest = queue.fetch_job(names[0]) if names else None
		since = oldest.enqueued_at if oldest else None
		if since:
			aware = since if since.tzinfo else since.replace(tzinfo=timezone.utc)
			since = aware.astimezone().replace(tzinfo=None)
		found[name] = (sum(full in worker.queue_names() for worker in workers), queue.count, since)
	return found


def is_dormant() -> bool:
	"""Whether Frappe takes this site for one that nobody uses, and runs its jobs once a day only.

	15.44 goes by the Activity Log; newer ones do so on Frappe Cloud alone, go by the last log-in and keep their answer for
	an hour. It is asked and never deceived.
	"""
	return bool(scheduler.is_dormant())


def scheduler_tick() -> int:
	"""How many seconds pass between two looks of the scheduler: `scheduler_tick_interval` of the bench's configuration,
	else 60 on 15 and 240 on 16."""
	return scheduler.get_scheduler_tick()
