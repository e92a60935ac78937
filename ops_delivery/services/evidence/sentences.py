"""Why a clause is not proven, as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe import _

from ops_delivery.domain.evidence import judging


def reason(code: str, values: Mapping[str, Any], definition: Any = None) -> str:
	"""A reason of the domain as plain text; `definition` names the record type it is about."""
	what = _(definition.document_type) if definition else ""
	count = values.get("count")
	if code == judging.NO_DEFINITION:
		return _("Nobody has defined yet what proves it.")
	if code == judging.EXEMPT:
		return _("Not applicable to this agreement.")
	if code == judging.TOO_FEW:
		return _("{0}: {1} found, {2} are needed.").format(what, count, values.get("wanted"))
	if code == judging.LACKING:
		return _("{0}: {1} lack what must be filled in.").format(what, count)
	if code == judging.TOO_OLD:
		return _("{0}: {1} are too old.").format(what, count)
	if code == judging.FAILING:
		return _("{0}: the condition fails on {1} records.").format(what, count)
	return _("{0}: none found.").format(what)
