"""Our DocTypes that Frappe's search lists: a table, no code, as the hooks read it."""

# the most looked for first
TYPES = (
	"Service Agreement",
	"Field Service Sheet",
	"Remote Support Session",
	"Service Object",
	"Delivery Plan",
	"Delivery Activity",
	"Optimization Plan",
	"Consulting Plan",
	"Consulting Report",
	"Consulting Recommendation",
	"Deliverable",
	"Service Report",
	"Operation Manual",
	"Routine Schedule",
	"Routine Task",
	"Routine Finding",
	"Service Complaint",
	"Improvement Action",
	"Service Leftover",
	"Service Handover",
	"Service Review",
	"Service Survey",
	"Service Acceptance",
	"Agreement Assessment",
)
