"""States that several rooms ask for: when a request is open or over, a clock alive, a leftover settled, a result agreed to.

The states of one record alone stand where that record's rules do (moves.py, agreement_life.py, planning.py, visit.py …).
"""

from ops_delivery.domain.clock import Status

# of an Issue
ISSUE_OPEN = ("Open", "Replied", "On Hold")
ISSUE_ENDED = ("Resolved", "Closed")
# the customer's answers that close a request (6.3.g)
AGREED = ("Accepted", "Accepted with Reservations", "Deemed Accepted")
# of a clock that is still to be met
CLOCK_LIVE = (Status.RUNNING.value, Status.PAUSED.value)
# of a leftover that nothing is left of
LEFTOVER_SETTLED = ("Solved", "Waived")
# what security is about in every plan (5.3.g, 6.4.f, 6.5.e)
SECURED = ("People", "Operations", "Data", "Tools")
