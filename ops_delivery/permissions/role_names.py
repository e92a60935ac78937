"""The names of our roles, once for all rules that ask for one. What they may do with the host's records: setup/host_rules.py."""

MANAGER = "Service Delivery Manager"
HANDLER = "Complaint Handler"
EXPERT = "Technical Expert"
DESK = "Service Desk"
AUDITOR = "Delivery Auditor"
ROLES = (MANAGER, DESK, "Field Engineer", EXPERT, AUDITOR, HANDLER)
WORKERS = ROLES[:4]
MANAGERS = frozenset({MANAGER, "System Manager"})  # who looks after the engine and decides what others may not
