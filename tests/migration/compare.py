"""What a migration must not change: every figure, clock, ledger line, signature, hash, score and file of ours.

On the bench before and after (from its sites/ folder, with the bench's Python):

    compare.py snapshot SITE FILE [NOW]    everything of ours on the site, as JSON; NOW is the moment (UTC, ISO) at which
                                           running clocks and reports are looked at: give the second one the first one's
Anywhere:

    compare.py differences BEFORE AFTER    print what differs; exit code 1 if anything does

upgrade.py does all of it, from a site on one bench to a new site on another.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

MODULE = "Ops Delivery"
# types of the host that hold something of ours; of each row what both versions know
OF_THE_HOST = ("Issue", "Task", "Project", "Timesheet", "Timesheet Detail", "File", "Customer", "Contact")
# what Frappe notes for itself, and what is known to be other on another version: column -> why
PASSED_OVER = {
	"_user_tags": "kept by the desk",
	"_comments": "kept by the desk",
	"_liked_by": "kept by the desk",
	"_seen": "kept by the desk",
	"exp_start_date": "of a Task: a date in 15, a moment in 16",
	"exp_end_date": "of a Task: a date in 15, a moment in 16 (the end of that day)",
}
SLA = "sla_"  # ERPNext 15.76 and 16 put it before an Issue's resolution_by and resolution_date
REPORTS = {
	"Response Support Figures": {"view_by": "Commitment"},
	"Response Support Record": {},
	"Customer Satisfaction": {"view_by": "Survey"},
	"Visits and Hours": {"view_by": "Visit"},
	"Delivery Plan against Actual": {"all_plans": 1},
	"Recommendations Followed Up": {},
}


# The snapshot


def snapshot(site: str, now: datetime) -> dict:
	"""Everything of ours on a site. What it tries by saving is rolled back."""
	import frappe

	frappe.init(site=site)
	frappe.connect()
	try:
		frappe.set_user("Administrator")
		frappe.flags.ops_now = now
		frappe.local.lang = "en"
		return {
			"now": now.isoformat(),
			"versions": {app: frappe.get_attr(f"{app}.__version__") for app in ("frappe", "erpnext")},
			"columns": _columns(),
			"tables": _tables(),
			"singles": _singles(),
			"clocks": _clocks(),
			"contents": _contents(),
			"fingerprints": _fingerprints(),
			"reports": _reports(),
			"files": _files(),
			"saved_again": _saved_again(),
		}
	finally:
		frappe.db.rollback()
		frappe.destroy()


def _ours(**filters) -> list[str]:
	import frappe

	wanted = {"module": MODULE, "is_virtual": 0, **filters}
	return frappe.get_all("DocType", filters=wanted, pluck="name", order_by="name")


def _types() -> list[str]:
	return [*_ours(issingle=0), *OF_THE_HOST]


def _columns() -> dict[str, dict[str, str]]:
	"""The type of each column that holds a number with decimal places."""
	import frappe

	found = {}
	for doctype in _ours(issingle=0):
		described = {row[0]: row[1] for row in frappe.db.describe(doctype)}
		found[doctype] = {name: kind for name, kind in described.items() if kind.startswith("decimal")}
	return found


def _tables() -> dict[str, dict[str, dict]]:
	"""Each row of each table, by name. Columns that hold nothing are left out, as a version may add some."""
	import frappe

	found = {}
	for doctype in _types():
		rows = frappe.qb.from_(doctype).select("*").run(as_dict=True)
		found[doctype] = {str(row.name): _plain_row(doctype, row) for row in rows}
	return found


def _plain_row(doctype: str, row: dict) -> dict:
	plain = {}
	for column, value in row.items():
		if value in (None, "", 0) or column in PASSED_OVER:
			continue
		if doctype == "Issue" and column.startswith(SLA):
			column = column.removeprefix(SLA)
		plain.setdefault(column, value if isinstance(value, int | float | str) else str(value))
	return plain


def _singles() -> dict[str, dict[str, str]]:
	import frappe

	found = {}
	for doctype in _ours(issingle=1):
		table = frappe.qb.DocType("Singles")
		values = (
			frappe.qb.from_(table).select(table.field, table.value).where(table.doctype == doctype)
		).run(as_dict=True)
		found[doctype] = {row.field: row.value for row in values if row.value not in (None, "", "0")}
	return found


def _clocks() -> dict[str, dict]:
	"""What each clock says of itself at that moment, and where its ledger gives something else than what is stored."""
	import frappe

	from ops_delivery.services.clocks import explanation
	from ops_delivery.services.clocks import planning as clocks

	found, looked_at = {}, set()
	for row in frappe.get_all(
		"Service Clock", fields=["name", "reference_doctype", "reference_name"], order_by="name"
	):
		record = (row.reference_doctype, row.reference_name)
		if record in looked_at:
			continue
		looked_at.add(record)
		said = explanation.explain_record(*record, frappe.flags.ops_now)
		found["/".join(record)] = {
			"explained": json.loads(json.dumps(said, default=str)),
			"differs": json.loads(json.dumps(clocks.rebuild(*record, repair=False), default=str)),
		}
	return found


def _contents() -> dict[str, dict]:
	"""The fingerprint of each reviewed document's content, and which signatures hold for it."""
	import frappe

	from ops_delivery.services.reviews import signatures
	from ops_delivery.services.reviews.content import content_hash
	from ops_delivery.services.reviews.registry import REGISTRY

	found = {}
	for doctype, entry in REGISTRY.items():
		for name in frappe.get_all(doctype, pluck="name", order_by="name"):
			doc = frappe.get_doc(doctype, name)
			parts = {
				"": content_hash(doc),
				**{part: content_hash(doc, part) for part in entry.content_fields},
			}
			held = {party: bool(row) for party, row in signatures.valid(doc).items()}
			found[f"{doctype}/{name}"] = {"hashes": parts, "signed": held}
	return found


def _fingerprints() -> dict[str, bool]:
	"""Whether what was frozen still has the fingerprint that is stored beside it."""
	import frappe

	from ops_delivery.services.requests import acceptance
	from ops_delivery.services.rules import rule_versions as versions

	found = {}
	for row in frappe.get_all("Rule Version", fields=["name", "content", "content_hash"], order_by="name"):
		found[f"Rule Version/{row.name}"] = versions.fingerprint(row.content) == row.content_hash
	for name in frappe.get_all("Service Acceptance", pluck="name", order_by="name"):
		doc = frappe.get_doc("Service Acceptance", name)
		subject = frappe.db.get_value(doc.reference_doctype, doc.reference_name, "subject") or ""
		if doc.offered_hash:
			found[f"Service Acceptance/{name}"] = acceptance.fingerprint(doc, subject) == doc.offered_hash
	return found


def _reports() -> dict[str, list]:
	"""The rows of our reports over all there is."""
	import frappe
	from frappe.desk.query_report import run

	first, last = "2000-01-01", "2100-12-31"
	found = {}
	for name, filters in REPORTS.items():
		if not frappe.db.exists("Report", name):
			found[name] = ["no such report"]
			continue
		wide = {"from_date": first, "to_date": last, "as_of": str(frappe.flags.ops_now.date()), **filters}
		rows = run(name, filters=wide, ignore_prepared_report=True)["result"]
		found[name] = json.loads(json.dumps(rows, default=str))
	return found


def _files() -> dict[str, str]:
	"""The SHA-256 of each file on record, by the name of its record."""
	import frappe

	found = {}
	for row in frappe.get_all("File", filters={"is_folder": 0}, fields=["name", "file_url"], order_by="name"):
		url = row.file_url or ""
		folder = "private" if url.startswith("/private/") else "public"
		path = Path(frappe.get_site_path(folder, "files", url.rpartition("/files/")[2]))
		kept = path.is_file() and "/files/" in url
		found[row.name] = hashlib.sha256(path.read_bytes()).hexdigest() if kept else "no file"
	return found


def _saved_again() -> dict[str, str]:
	"""Whether saving a reviewed document once more leaves its content as it is: "same", "changed", or why it is refused."""
	import frappe

	from ops_delivery.services.reviews.content import content_hash
	from ops_delivery.services.reviews.registry import REGISTRY

	found, commit = {}, frappe.db.commit
	frappe.db.commit = lambda: None
	try:
		for doctype in REGISTRY:
			for name in frappe.get_all(doctype, pluck="name", order_by="name"):
				doc = frappe.get_doc(doctype, name)
				digest = content_hash(doc)
				try:
					doc.save()
					same = content_hash(frappe.get_doc(doctype, name)) == digest
					found[f"{doctype}/{name}"] = "same" if same else "changed"
				except frappe.ValidationError as refused:
					found[f"{doctype}/{name}"] = f"refused: {type(refused).__name__}"
				frappe.db.rollback()
	finally:
		frappe.db.commit = commit
	return found


# The comparison


def differences(before: dict, after: dict) -> list[str]:
	"""Each difference as a line. Columns may become wider, and never narrower."""
	found = [*_walk("", {**before, "columns": 0, "versions": 0}, {**after, "columns": 0, "versions": 0})]
	for doctype, columns in before["columns"].items():
		for column, kind in columns.items():
			now = after["columns"].get(doctype, {}).get(column)
			if now and _places(now) < _places(kind):
				found.append(f"columns/{doctype}/{column}: {kind} has become {now}")
	for record, clock in after["clocks"].items():
		found += [f"clocks/{record}: its ledger gives another {row['field']}" for row in clock["differs"]]
	found += [
		f"{name}: its fingerprint is broken" for name, holds in after["fingerprints"].items() if not holds
	]
	return found


def _places(kind: str) -> int:
	return int(kind.rstrip(")").rpartition(",")[2])


def _walk(path: str, before, after):
	if isinstance(before, dict) and isinstance(after, dict):
		for key in sorted({*before, *after}, key=str):
			if key not in after:
				yield f"{path}/{key}: gone (was {_short(before[key])})"
			elif key not in before:
				yield f"{path}/{key}: new ({_short(after[key])})"
			else:
				yield from _walk(f"{path}/{key}", before[key], after[key])
	elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
		for index, (old, new) in enumerate(zip(before, after, strict=True)):
			yield from _walk(f"{path}/{index}", old, new)
	elif before != after:
		yield f"{path}: {_short(before)} -> {_short(after)}"


def _short(value) -> str:
	text = json.dumps(value, ensure_ascii=False)
	return text if len(text) <= 120 else f"{text[:117]}…"


def counted(content: dict) -> str:
	"""How much was looked at."""
	rows = {doctype: len(found) for doctype, found in content["tables"].items() if found}
	return (
		f"{content['versions']['frappe']}: {sum(rows.values())} rows of {len(rows)} types, "
		f"{len(content['clocks'])} records with clocks, {rows.get('Service Clock Event', 0)} ledger lines, "
		f"{rows.get('Service Signature', 0)} signatures, {len(content['contents'])} reviewed documents, "
		f"{len(content['fingerprints'])} fingerprints, {len(content['files'])} files, "
		f"{sum(len(found) for found in content['reports'].values())} report rows"
	)


def main(arguments: list[str]) -> int:
	match arguments:
		case ["snapshot", site, file, *now]:
			moment = (
				datetime.fromisoformat(now[0]) if now else datetime.now(timezone.utc).replace(microsecond=0)
			)
			content = snapshot(site, moment)
			Path(file).write_text(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str))
			print(counted(content))
			print(content["now"])
			return 0
		case ["differences", before, after]:
			old, new = (json.loads(Path(file).read_text()) for file in (before, after))
			print(counted(old), counted(new), sep="\n")
			found = differences(old, new)
			print(*found, sep="\n")
			kinds = Counter(line.lstrip("/").partition("/")[0] for line in found)
			print(f"{len(found)} differences" + (f": {dict(kinds)}" if found else ""))
			return int(bool(found))
	print(__doc__, file=sys.stderr)
	return 2


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
