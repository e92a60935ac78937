"""What every Delivery Plan Template to begin with has: staff, duties, tools, documents, security. Texts are English, as in seed_plans.py."""

from __future__ import annotations

ROUTINE, RESPONSE, OPTIMIZATION, CONSULTING, MANAGEMENT = (
	"Routine Operation",
	"Response Support",
	"Optimization and Improvement",
	"Consultation and Evaluation",
	"Management and Reporting",
)


def _duties(matter: str, **letters: str) -> list[dict[str, str]]:
	"""_duties("…", A="Service Delivery Manager", R="Service Desk, Field Engineer")"""
	words = {"R": "Responsible", "A": "Accountable", "C": "Consulted", "I": "Informed"}
	return [
		{"matter": matter, "role": role.strip(), "duty": words[letter]}
		for letter, roles in letters.items()
		for role in roles.split(",")
	]


STAFF = [
	{
		"role": "Service Delivery Manager",
		"kind": "Manager",
		"competence_wanted": "Three years in service delivery; ITIL Foundation or equal; has led a contract of this size",
	},
	{
		"role": "Service Desk",
		"kind": "Specialist",
		"competence_wanted": "Takes, judges and dispatches requests; knows the customer's systems by name",
	},
	{
		"role": "Field Engineer",
		"kind": "Specialist",
		"competence_wanted": "Servers, storage and network at the customer's sites; trained in the customer's safety rules",
	},
	{
		"role": "Technical Expert",
		"kind": "Specialist",
		"competence_wanted": "Certified for the database and the virtualization in use; five years of practice",
	},
]
DUTIES = [
	*_duties("Routine inspection", A="Service Delivery Manager", R="Field Engineer", I="Customer"),
	*_duties(
		"Requests and faults",
		A="Service Delivery Manager",
		R="Service Desk, Field Engineer",
		C="Technical Expert",
		I="Customer",
	),
	*_duties("Escalation", A="Service Delivery Manager", R="Service Desk", I="Technical Expert, Customer"),
	*_duties(
		"Changes in production", A="Technical Expert", R="Field Engineer", C="Customer", I="Service Delivery Manager"
	),
	*_duties("Monthly report", A="Service Delivery Manager", R="Service Desk", I="Customer"),
	*_duties(
		"Security of the work", A="Service Delivery Manager", R="Field Engineer, Technical Expert", C="Customer"
	),
]
TOOLS = [
	{
		"tool": "Monitoring system",
		"purpose": "Watches servers, storage and network around the clock",
		"quantity": 1,
	},
	{"tool": "Remote support with recording", "purpose": "Remote work that can be traced", "quantity": 1},
	{"tool": "Field kit with cables and test set", "purpose": "Work at the customer's sites", "quantity": 2},
	{"tool": "Configuration database", "purpose": "Which object depends on which", "quantity": 1},
]
DOCUMENTS = [
	{"kind": "Operation Manual", "title": "Manual of routine inspection", "service_content": ROUTINE},
	{"kind": "Operation Manual", "title": "Manual of fault handling", "service_content": RESPONSE},
	{"kind": "Operation Manual", "title": "Manual of changes and releases", "service_content": OPTIMIZATION},
	{"kind": "Operation Manual", "title": "Manual of assessments on site", "service_content": CONSULTING},
	{"kind": "Service Process", "title": "From request to acceptance"},
	{"kind": "Service Process", "title": "Escalation to managers and experts"},
	{"kind": "Form or Record", "title": "Inspection sheet"},
]
PRINCIPLES = (
	"Least privilege, by name and for a time; no customer data leaves the customer's network; every step on a production "
	"system is recorded and can be undone."
)
SECURITY = [
	{
		"area": "People",
		"measure": "Confidentiality signed; safety training before the first visit",
		"responsible": "Service Delivery Manager",
		"evidence": "Training record",
	},
	{
		"area": "Operations",
		"measure": "Work on production in the agreed window, with a way back and a second pair of eyes",
		"responsible": "Technical Expert",
		"evidence": "Change record",
	},
	{
		"area": "Data",
		"measure": "Data stays on the customer's systems; media are wiped and the wiping is recorded",
		"responsible": "Field Engineer",
		"evidence": "Media record",
	},
	{
		"area": "Tools",
		"measure": "Only tools on the list, updated and scanned before each visit",
		"responsible": "Field Engineer",
		"evidence": "Tool check",
	},
	{
		"area": "Site and Access",
		"measure": "Escorted in the machine room; badge returned on the same day",
		"responsible": "Field Engineer",
		"evidence": "Visitor log",
	},
]
LISTS = {
	"staff": STAFF,
	"duties": DUTIES,
	"tools": TOOLS,
	"documents": DOCUMENTS,
	"security_principles": PRINCIPLES,
	"security_measures": SECURITY,
}
