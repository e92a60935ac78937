"""Escalation Policies as the engine reads them: the frozen content of a policy revision (6.3.e)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import frappe

from ops_delivery.domain.escalation import Step
from ops_delivery.services.rules import rule_versions as versions


@dataclass(frozen=True)
class Policy:
	"""A policy revision: the domain's steps in order, each step's actions by its key, quiet hours and digest."""

	version: str
	steps: tuple[Step, ...]
	actions: Mapping[str, Mapping[str, Any]]
	quiet_from: str | None
	quiet_to: str | None
	quiet_time_zone: str | None
	digest_minutes: int


def current(policy: str) -> Policy:
	"""The policy as it stands now."""
	return of_version(versions.current("Escalation Policy", policy))


def of_version(version: str) -> Policy:
	"""A policy revision; it never changes, so it is kept per process."""
	if versions.is_committed(version):
		return _kept(frappe.local.site, version)
	return _policy(version)


def to_steps(rows: list[Mapping[str, Any]]) -> tuple[Step, ...]:
	"""Rows of the Escalation Step table as domain steps. DomainError as `Step` and `validate_steps` raise."""
	return tuple(
		Step(
			key=row["step_name"],
			kind=row["kind"],
			moment=row["moment"],
			basis=row.get("basis") or "Share of Target",
			amount=float(row.get("amount") or 0),
			commitments=frozenset(filter(None, [row.get("commitment")])),
			priorities=frozenset(filter(None, [row.get("priority")])),
			repeat_minutes=int(row.get("repeat_minutes") or 0),
			max_repeats=int(row.get("max_repeats") or 0) if row.get("repeat_minutes") else 0,
		)
		for row in rows
	)


def forget_kept() -> None:
	"""Drop what this process keeps (kept.forget_all)."""
	_kept.cache_clear()


@lru_cache(maxsize=256)
def _kept(_site: str, version: str) -> Policy:
	return _policy(version)


def _policy(version: str) -> Policy:
	return of_content(version, versions.content(version))


def of_content(version: str, content: Mapping[str, Any]) -> Policy:
	"""The policy that a revision's content means."""
	return Policy(
		version=version,
		steps=to_steps(content["steps"]),
		actions={row["step_name"]: row for row in content["steps"]},
		quiet_from=content.get("quiet_from"),
		quiet_to=content.get("quiet_to"),
		quiet_time_zone=content.get("quiet_time_zone"),
		digest_minutes=int(content.get("digest_minutes") or 0),
	)
