"""What scanners find is explained, or it is new."""

import json

import findings


def test_only_what_is_explained_passes(tmp_path, monkeypatch, capsys):
	explained, report = tmp_path / "findings.json", tmp_path / "semgrep.json"
	explained.write_text(json.dumps({"semgrep": {"r": {"why": "none", "where": ["services/a.py"]}}}))
	monkeypatch.setattr(findings, "EXPLAINED", explained)
	known = {"check_id": "rules.r", "path": "ops_delivery/services/a.py"}
	report.write_text(json.dumps({"results": [known]}))
	assert findings.main([str(report)]) == 0
	report.write_text(json.dumps({"results": [known, {"check_id": "rules.r", "path": "ops_delivery/services/b.py"}]}))
	assert findings.main([str(report)]) == 1
	assert "not explained: semgrep r services/b.py" in capsys.readouterr().out


def test_candidates_of_frapast_are_known_by_their_function(tmp_path):
	report = tmp_path / "frapast.json"
	report.write_text(json.dumps({"candidates": [{"rule_id": "R", "file": "api/a.py", "function": "f"}]}))
	assert list(findings.read(report)) == [("frapast", "R", "api/a.py:f")]


def test_each_explanation_says_why_and_where():
	for rules in json.loads(findings.EXPLAINED.read_text(encoding="utf-8")).values():
		assert all(entry["why"] and entry["where"] for entry in rules.values())
