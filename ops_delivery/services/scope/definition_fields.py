"""The fields of a Clock Definition that the engine reads: conditions, moments, and terms of its own (6.3.b)."""

CONDITIONS = ("start_when", "pause_when", "resume_when", "meet_when", "cancel_when", "reset_when")
MOMENT_FIELDS = ("start_at_field", "meet_at_field")
OWN_TERMS = ("own_terms", "own_target", "own_deadline_field", "own_calendar", "own_policy")
READ = ("name", "commitment", "document_type", "failing_since", *CONDITIONS, *MOMENT_FIELDS, *OWN_TERMS)
