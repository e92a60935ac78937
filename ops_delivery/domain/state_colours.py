"""The colour of each state, once: forms, lists, the dispatch board and My Day show a state alike.

The desk gets the table with its boot (services/administration/desk_boot.py) and asks ops_delivery.colour(type, state) of public/js/desk.js.
Red is late or wrong, orange waits for somebody, blue is under way, green is done.
"""

from __future__ import annotations

from collections.abc import Mapping

_VERDICTS = {"Normal": "green", "At Risk": "orange", "Abnormal": "red", "Not Taken": "gray", "Not Seen": "gray"}
_PLANNED = {"Planned": "orange", "Prepared": "blue"}
_AFTERWARDS = {"Followed Up": "green", "Cancelled": "gray"}
_WRITTEN = {"Draft": "orange", "Internal Review": "blue", "Customer Review": "blue"}

COLOURS: Mapping[str, Mapping[str, str]] = {
	"Clause Exemption": {"Proposed": "orange", "In Force": "green", "Declined": "gray", "Revoked": "gray"},
	"Consulting Plan": {
		**_WRITTEN,
		"Approved": "green",
		"In Progress": "blue",
		"Completed": "green",
		"Cancelled": "gray",
	},
	"Consulting Report": {**_WRITTEN, "Issued": "green", "Followed Up": "green", "Withdrawn": "gray"},
	"Deliverable": {
		"Compiling": "orange",
		"In Review": "blue",
		"Published": "green",
		"Archived": "gray",
		"Destroyed": "gray",
		"Cancelled": "gray",
	},
	"Major Incident Report": {"Compiling": "orange", "In Review": "blue", "Published": "green", "Cancelled": "gray"},
	"Delivery Activity": {
		"Not Started": "gray",
		"In Progress": "blue",
		"Completed": "green",
		"On Hold": "orange",
		"Cancelled": "gray",
	},
	"Delivery Plan": {
		"Draft": "gray",
		"Internal Review": "orange",
		"Customer Review": "orange",
		"Approved": "blue",
		"In Progress": "blue",
		"Completed": "green",
		"Cancelled": "gray",
	},
	"Evidence Snapshot": {"Proven": "green", "Thin": "orange", "Missing": "red", "Not Applicable": "gray"},
	"Field Service Sheet": {
		**_PLANNED,
		"On Site": "yellow",
		"Work Done": "purple",
		"Left": "cyan",
		**_AFTERWARDS,
	},
	"Improvement Action": {
		"Open": "orange",
		"Investigating": "blue",
		"Measures": "blue",
		"Effect Check": "purple",
		"Closed": "green",
		"Withdrawn": "gray",
	},
	"Operation Manual": {
		"Draft": "orange",
		"Internal Review": "blue",
		"Published": "green",
		"Retired": "gray",
	},
	"Optimization Plan": {
		"Draft": "orange",
		"Proposal Review": "purple",
		"Proposal Approved": "blue",
		"Implementation Review": "purple",
		"Approved": "blue",
		"In Progress": "blue",
		"Trial Run": "yellow",
		"Closed": "green",
		"Rolled Back": "red",
		"Cancelled": "gray",
	},
	"Remote Support Session": {
		**_PLANNED,
		"In Session": "yellow",
		"Work Done": "purple",
		"Ended": "cyan",
		**_AFTERWARDS,
	},
	"Routine Finding": {
		"Open": "red",
		"In Hand": "blue",
		"Risk Accepted": "purple",
		"Back to Normal": "green",
		"Closed": "gray",
	},
	"Routine Reading": _VERDICTS,
	"Routine Task": {
		"Planned": "orange",
		"In Progress": "blue",
		"Done": "green",
		"Missed": "red",
		"Cancelled": "gray",
	},
	"Service Handover": {
		"Proposed": "orange",
		"Accepted": "blue",
		"Started": "blue",
		"Done": "green",
		"Declined": "gray",
	},
	"Service Notice": {
		"Pending": "orange",
		"Queued": "blue",
		"Sent": "green",
		"Not Delivered": "red",
		"Failed": "red",
	},
	"Service Report": {
		"Compiling": "orange",
		"In Review": "blue",
		"Published": "green",
		"Confirmed": "green",
		"Cancelled": "gray",
	},
	"Service Review": {
		"Open": "blue",
		"Approved": "green",
		"Rejected": "red",
		"Outdated": "orange",
		"Withdrawn": "gray",
	},
	"Service Leftover": {"Open": "orange", "In Progress": "blue", "Solved": "green", "Waived": "gray"},
}


def of(doctype: str, state: str) -> str:
	"""The colour of a state; gray for a word that has none."""
	return COLOURS.get(doctype, {}).get(state, "gray")
