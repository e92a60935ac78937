"""When people are told of an escalation: at once, after quiet hours, or gathered in a digest (6.3.e). Instants are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone, tzinfo


@dataclass(frozen=True)
class QuietHours:
	"""From one time of day to another, of every day; they may span midnight."""

	start: time
	end: time
	zone: tzinfo

	def until(self, now: datetime) -> datetime | None:
		"""When the quiet hours that hold at `now` end; None outside of them."""
		if self.start == self.end:
			return None
		local = now.astimezone(self.zone)
		clock = local.time()
		if not self._holds(clock):
			return None
		day = local.date() + timedelta(days=1 if clock >= self.end else 0)
		return datetime.combine(day, self.end.replace(microsecond=0), self.zone).astimezone(timezone.utc)

	def _holds(self, clock: time) -> bool:
		if self.start < self.end:
			return self.start <= clock < self.end
		return clock >= self.start or clock < self.end


def mail_from(now: datetime, quiet: QuietHours | None, digest_minutes: int, at_once: bool) -> datetime:
	"""From when on an e-mail may go: after the quiet hours, with the next digest, or now. `at_once` passes both by."""
	if at_once:
		return now
	if quiet and (end := quiet.until(now)):
		return end
	return now + timedelta(minutes=max(0, digest_minutes))
