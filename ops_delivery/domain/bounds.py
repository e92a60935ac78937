"""What a number of the configuration, or of a record, may be: the one place for all of them (6.3.b).

Each field that people type a number into has its least and its most, both included, in the unit that its label or
description names. They are wide: they keep out what nobody can mean – a minus, a slip of the keyboard, a number that no
calendar reaches – and leave sense to the rules. FREE are measured values, which may be anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

YEARS = 3660  # days
MONEY = 1_000_000_000_000
PIECES = 1_000_000
LONGEST_TARGET = 36_000_000  # seconds of service time: ten thousand hours
DAY_MINUTES, WEEK_MINUTES, YEAR_MINUTES = 1440, 10_080, 527_040

Bound = tuple[float, float]
_DEEMED = {
	"deemed_after_days": (0, 365),
	"deemed_notices": (0, 20),
	"penalty_cap": (0, 100),
	"renewal_months": (0, 120),
	"renewal_notice_days": (0, YEARS),
}
BOUNDS: Mapping[str, Mapping[str, Bound]] = MappingProxyType(
	{
		"Ops Delivery Settings": {
			"link_days": (1, 365),
			"reminder_days": (1, 90),
			"gather_seconds": (0, 600),
			"mails_per_hour": (0, 1000),
			"sweep_batch": (1, 1000),
			"retry_limit": (1, 20),
			"lag_alarm_seconds": (61, 86_400),
			"log_days": (30, YEARS),
			"print_days": (0, YEARS),
			"complaint_appeals": (0, 5),
			"complaint_answer_days": (1, 180),
			"unseen_days": (1, YEARS),
			"amount_warn_at": (0, 100),
		},
		"Monitoring Source": {"silent_after": (0, LONGEST_TARGET)},
		"Agreed Amount": {"quantity": (0, PIECES), "carry_periods": (0, 120), "carry_most": (0, PIECES), "warn_at": (0, 100)},
		"Promised Deliverable": {"days": (0, YEARS), "lead_days": (0, 366)},
		"Service Security Class": {"rank": (0, 1000)},
		"Evidence Definition": {"at_least": (1, 100_000), "recent_days": (0, YEARS)},
		"Specification Clause": {"position": (0, 100_000)},
		"Clock Definition": {"own_target": (0, LONGEST_TARGET)},
		"Consulting Follow-up": {"progress": (0, 100)},
		"Consulting Plan Cost": {"quantity": (0, PIECES), "rate": (0, MONEY)},
		"Consulting Plan Person": {"days": (0, YEARS)},
		"Delivery Activity": {"budget_cost": (0, MONEY), "actual_cost": (0, MONEY)},
		"Delivery Plan Fund": {"planned_amount": (0, MONEY), "actual_amount": (0, MONEY)},
		"Delivery Plan Staff": {"share": (0, 100)},
		"Delivery Plan Template Activity": {"offset_days": (0, YEARS), "duration_days": (0, YEARS)},
		"Delivery Plan Tool": {"quantity": (0, PIECES)},
		"Dispatch Profile": {"travel_minutes": (0, DAY_MINUTES)},
		"Escalation Policy": {"digest_minutes": (0, WEEK_MINUTES)},
		"Escalation Step": {
			"amount": (0, YEAR_MINUTES),
			"contact_level": (0, 20),
			"repeat_minutes": (0, WEEK_MINUTES),
			"max_repeats": (0, 1000),
		},
		"Field Service Engineer": {"travel_hours": (0, 24), "work_hours": (0, 24)},
		"Field Service Part": {"quantity": (0, PIECES), "used": (0, PIECES)},
		"Field Service Sheet": {"travel_minutes": (0, DAY_MINUTES)},
		"Optimization Plan": {
			"budget": (0, MONEY),
			"actual_cost": (0, MONEY),
			"trial_days": (0, YEARS),
			"grace_days": (0, YEARS),
			"readings_needed": (0, 1000),
		},
		"Optimization Rollback Step": {"minutes": (0, YEAR_MINUTES)},
		"Review Rule": {"days_until_due": (0, 365), "approvals": (1, 99)},
		"Routine Assistance": {"days_before": (0, 365)},
		"Routine Schedule": {
			"every": (1, 999),
			"month_day": (0, 31),
			"lead_days": (0, 366),
			"days_to_do": (0, 366),
		},
		"Service Agreement": {"fee": (0, MONEY), **_DEEMED},
		"Service Agreement Contact": {"level": (1, 20)},
		"Service Agreement Metric": {"weight": (0, 100)},
		"Service Agreement Target": {"target": (0, LONGEST_TARGET)},
		"Service Agreement Template": {"months": (1, 120), **_DEEMED},
		"Service Commitment": {"sequence": (0, 100_000)},
		"Service Importance": {"rank": (1, 1000)},
		"Service Urgency": {"rank": (1, 1000)},
		"Survey Rule": {"days_before_end": (0, 365), "sampling": (0, 100), "limit_days": (0, YEARS)},
		"Survey Template": {"days_to_answer": (1, 180), "fewest_answers": (1, 1000), "low_score": (0, 100)},
		"Survey Template Question": {"weight": (0, 1000)},
	}
)
FREE: Mapping[str, frozenset[str]] = MappingProxyType(
	{
		"Agreement Assessment Figure": frozenset({"value"}),
		"Consulting Finding": frozenset({"score"}),
		"Consulting Report": frozenset({"satisfaction_before", "satisfaction_after"}),
		"Optimization Metric": frozenset({"baseline", "target"}),
		"Optimization Plan": frozenset({"satisfaction_before", "satisfaction_after"}),
		"Service Agreement Figure": frozenset({"example"}),
		"Service Agreement Metric": frozenset({"target"}),
		"Trial Reading": frozenset({"value"}),
	}
)


def within(doctype: str, field: str, value: float) -> float:
	"""The value itself, or the nearer bound: what the engine reads of a number that was stored before there were bounds."""
	least, most = BOUNDS[doctype][field]
	return min(max(value, least), most)
