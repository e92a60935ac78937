"""The ledger of alerts: one row for a fingerprint of a source as long as its request is not closed (6.2.b.5, 5.3.b).

What a message asks for is read at once, and what is only heard again is written at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import frappe
from frappe.utils import cint

from ops_delivery.domain.monitoring.alerts import Alert
from ops_delivery.permissions import steps
from ops_delivery.services.requests import machine_requests as requests
from ops_delivery.services.shared import site_time

DOCTYPE = "Monitoring Alert"
FIRING, RESOLVED, REFUSED = "Firing", "Resolved", "Refused"
FIELDS = ("name", "issue", "state", "times", "service_object", "title", "open_key")


class Ledger:
	"""The open rows of a source that a message asks for. The requests behind them are locked."""

	def __init__(self, source, fingerprints: Iterable[str]):
		self._source, self._heard = source, []
		self._rows: dict[str, frappe._dict] = {}
		self._load([self._key(fingerprint) for fingerprint in fingerprints])

	def find(self, fingerprint: str) -> frappe._dict | None:
		"""The open row of a fingerprint, with the `status` of its request ("" where there is none), or None."""
		return self._rows.get(self._key(fingerprint))

	def heard_again(self, row: frappe._dict) -> None:
		"""An alert that still fires was said once more; written by flush()."""
		self._heard.append(row.name)

	def set_free(self, row: frappe._dict) -> None:
		"""The request is closed: the row keeps what it was, and its fingerprint may have another one."""
		frappe.db.set_value(DOCTYPE, row.name, "open_key", None, update_modified=False)
		self._rows.pop(row.open_key, None)

	def write(self, alert: Alert, row: frappe._dict | None, issue: str | None, thing: str | None, why: str | None) -> None:
		"""Make the row of an alert, or bring it up to date; `why` it is refused, None where it is not."""
		now, key = site_time.site_now(), self._key(alert.fingerprint)
		doc = frappe.get_doc(DOCTYPE, row.name) if row else frappe.new_doc(DOCTYPE)
		if not row:
			own = {"source": self._source.name, "customer": self._source.customer, "fingerprint": alert.fingerprint}
			doc.update({**own, "open_key": key, "first_seen_on": now})
		doc.update(_fires(doc, alert, why) if alert.firing else {"state": RESOLVED, "resolved_on": site_time.to_site(alert.ended_on) or now})
		doc.update({"last_seen_on": now, "issue": issue, "service_object": thing or doc.service_object})
		steps.take(doc).save(ignore_permissions=True)
		self._load([key])

	def flush(self) -> None:
		"""Write what was heard again: one statement for each number of times."""
		now, row = site_time.site_now(), frappe.qb.DocType(DOCTYPE)
		counts: dict[int, list[str]] = {}
		for name in set(self._heard):
			counts.setdefault(self._heard.count(name), []).append(name)
		for times, names in counts.items():
			frappe.qb.update(row).set(row.times, row.times + times).set(row.last_seen_on, now).where(row.name.isin(names)).run()
		self._heard = []

	def _key(self, fingerprint: str) -> str:
		return hashlib.sha256(f"{self._source.name}\n{fingerprint}".encode()).hexdigest()

	def _load(self, keys: list[str]) -> None:
		if not keys:
			return
		rows = frappe.get_all(DOCTYPE, filters={"open_key": ["in", keys]}, fields=list(FIELDS))
		states = requests.statuses_of([row.issue for row in rows if row.issue])
		for row in rows:
			self._rows[row.open_key] = frappe._dict(row, status=states.get(row.issue, ""))


def _fires(doc, alert: Alert, why: str | None) -> dict[str, Any]:
	return {
		"title": alert.title or alert.fingerprint,
		"severity": alert.severity,
		"labels": json.dumps(dict(alert.labels), ensure_ascii=False, indent=1),
		"began_on": site_time.to_site(alert.began_on),
		"times": cint(doc.times) + 1,
		"resolved_on": None,
		"state": REFUSED if why is not None else FIRING,
		"reason": why,
	}
