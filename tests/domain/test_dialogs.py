"""A dialog of ours stays open until the server has agreed: one helper (public/js/ask.js), and nothing that closes first."""

import re
from pathlib import Path

APP = Path(__file__).parent.parent.parent / "ops_delivery"
OURS = sorted(path for path in APP.rglob("*.js") if "dist" not in path.parts and "node_modules" not in path.parts)
# what asks the server for nothing with what was typed: it fills the form behind it, shows something, or stays open anyway
OTHERS = {
	"amend.js": 2,  # shows a comparison, a preview
	"assess.js": 1,  # tries formulas, and stays
	"chain.js": 1,  # shows the map
	"change_dialog.js": 1,  # fills the rule's form, and keeps what was typed where its save is refused
	"clock_definition.js": 1,  # tries a record, and stays
	"fill_dialog.js": 1,  # fills the calendar's form
	"helpers.js": 1,  # tries a record, and stays
	"monitoring_source.js": 1,  # shows a token, once
	"move.js": 2,  # shows a card, warnings
	"raci.js": 1,  # fills the plan's form
	"ready_made.js": 1,  # lists, and stays
	"workflow.js": 1,  # tries a path, and stays
	"target_matrix.js": 1,  # fills the agreement's form
	"ask.js": 1,  # the helper itself
}


def test_nothing_of_ours_asks_by_a_prompt_that_closes_first():
	assert len(OURS) > 50
	assert not [path.name for path in OURS if re.search(r"^[^/\n]*frappe\.prompt\(", path.read_text(), re.M)]


def test_other_dialogs_than_the_helpers_are_known():
	found = {path.name: path.read_text().count("new frappe.ui.Dialog(") for path in OURS}
	assert {name: count for name, count in found.items() if count} == OTHERS
