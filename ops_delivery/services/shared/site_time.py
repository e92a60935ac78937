"""Between what Frappe stores (naive datetimes in the site's zone) and what the domain computes with (UTC instants).

The only module that knows both. An ambiguous hour (the clock is put back) is settled by the UTC offset stored
beside the datetime; without one the first occurrence is meant.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_datetime
from frappe.utils.data import get_system_timezone

UTC = timezone.utc


@lru_cache(maxsize=32)
def zone(name: str) -> ZoneInfo:
	"""A time zone by its name."""
	return ZoneInfo(name)


def site_zone() -> ZoneInfo:
	"""The site's time zone (System Settings)."""
	return zone(get_system_timezone())


def utc_now() -> datetime:
	"""Now, in UTC, whole seconds. `frappe.flags.ops_now` (an aware datetime) replaces it in demos and tests."""
	pinned = frappe.flags.ops_now
	return (pinned.astimezone(UTC) if pinned else datetime.now(UTC)).replace(microsecond=0)


def site_now() -> datetime:
	"""Now as Frappe stores it: naive, in the site's zone, whole seconds."""
	return to_site(utc_now())


def epoch(instant: datetime) -> int:
	"""An instant as Unix time: what is compared where the site's own clock may be put back."""
	return int(instant.timestamp())


def to_site(instant: datetime | None) -> datetime | None:
	"""A UTC instant as Frappe stores it: naive, in the site's zone."""
	return instant.astimezone(site_zone()).replace(tzinfo=None) if instant else None


def to_utc(stored: datetime | str | None, offset_minutes: int | None = None) -> datetime | None:
	"""What Frappe stored as a UTC instant in whole seconds; the offset settles an ambiguous hour."""
	if not stored:
		return None
	naive = get_datetime(stored).replace(microsecond=0)
	if offset_minutes is not None:
		return (naive - timedelta(minutes=offset_minutes)).replace(tzinfo=UTC)
	return naive.replace(tzinfo=site_zone()).astimezone(UTC)


def seconds_since(stored: datetime | str | None, now: datetime | None = None) -> float:
	"""How many seconds ago a stored moment was that does not lie ahead; 0.0 for none. In the hour that occurs twice, without anything
	beside it that says which one was meant, the later one that has been reached: the shortest time that is certain."""
	if not stored:
		return 0.0
	now = now or utc_now()
	naive = get_datetime(stored).replace(microsecond=0)
	both = (naive.replace(tzinfo=site_zone(), fold=fold).astimezone(UTC) for fold in (0, 1))
	return min((gap for one in both if (gap := (now - one).total_seconds()) >= 0), default=0.0)


def has_passed(stored: datetime | str | None, now: datetime | None = None) -> bool:
	"""Whether a stored moment lies behind `now` (an instant; the present one unless given), whichever was meant of two.

	Readings of the site's clock are not compared with each other: in the hour that occurs twice a later one may be earlier.
	What may mean both occurrences has passed with the second.
	"""
	if not stored:
		return False
	naive = get_datetime(stored).replace(microsecond=0)
	return naive.replace(tzinfo=site_zone(), fold=1).astimezone(UTC) < (now or utc_now())


def surely_past() -> datetime:
	"""The reading of the site's clock (as stored) before which everything has passed, for conditions of a query: now, but
	in the hour that occurs twice its beginning."""
	bound = site_now()
	while _occurs_twice(bound):
		bound -= timedelta(minutes=1)
	return bound


def _occurs_twice(naive: datetime) -> bool:
	first, second = (naive.replace(tzinfo=site_zone(), fold=fold).utcoffset() for fold in (0, 1))
	return first > second


def offset_minutes(instant: datetime) -> int:
	"""The site zone's offset from UTC at that instant, in minutes."""
	return round(instant.astimezone(site_zone()).utcoffset().total_seconds() / 60)
