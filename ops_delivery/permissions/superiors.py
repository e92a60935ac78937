"""Who answers for what is not as it should be (6.2.b.5, 6.2.c): lets work begin although a requirement is not met, accepts that a
risk stays. One rule for both: it is the delivery manager's to bear. Whoever looks after the system (System Manager) bears no risk of
the delivery by that. Whom an engineer asks from the customer's site is another matter: visits/superior_requests.py.
"""

import frappe

from ops_delivery.permissions.role_names import MANAGER


def answers_for_risks(user: str | None = None) -> bool:
	"""Whether a user, or the session's, may decide that."""
	return MANAGER in frappe.get_roles(user)
