"""What a security class lets whom do with a deliverable: one rule for lists, forms, files, prints, mails and pages (8.2.c.2).

A class narrows what roles give and gives nobody more. One that restricts nobody leaves everything to the roles, as before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

LIST, OPEN, PRINT, DOWNLOAD, MAIL = "can_list", "can_open", "can_print", "can_download", "can_mail"
ACTS = (LIST, OPEN, PRINT, DOWNLOAD, MAIL)
EVERYTHING = frozenset(ACTS)

ROLE, READERS = "Role", "Named Readers"
# who is named on the deliverable: what a row of the class calls them, and the field that names them; readers have a table
PERSONS = {"Owner": "compiler", "Author": "owner", "Reviewer": "reviewer", "Approver": "approver"}
WHO = (ROLE, *PERSONS, READERS)

# whom of the customer's people the portal shows one
ALL_OF_CUSTOMER, NAMED, NOBODY = "All of the Customer's People", "Named Readers Only", "Nobody"


@dataclass(frozen=True)
class Grant:
	"""What somebody may do: a role, or who is named on the deliverable in that part."""

	who: str
	role: str
	acts: frozenset[str]


@dataclass(frozen=True)
class SecrecyRule:
	"""What a class says. Of a class that is not known nobody may do anything."""

	restricted: bool = True
	grants: tuple[Grant, ...] = ()
	portal: str = NOBODY
	portal_files: bool = False
	watermark: bool = False
	unstamped: bool = False
	encrypted: bool = False
	logged: bool = True

	def by_roles(self, roles: Collection[str]) -> frozenset[str]:
		"""What somebody with these roles may do, whoever they are."""
		if not self.restricted:
			return EVERYTHING
		return frozenset(act for grant in self.grants if grant.who == ROLE and grant.role in roles for act in grant.acts)

	def by_parts(self, parts: Collection[str]) -> frozenset[str]:
		"""What somebody may do who is named on the deliverable in these parts (PERSONS, READERS)."""
		if not self.restricted:
			return EVERYTHING
		return frozenset(act for grant in self.grants if grant.who in parts and grant.who != ROLE for act in grant.acts)

	def allowed(self, roles: Collection[str], parts: Collection[str]) -> frozenset[str]:
		"""What somebody with these roles, who is named in these parts, may do."""
		return self.by_roles(roles) | self.by_parts(parts)


# as long as a deliverable has no class: it cannot be reviewed without one
NOT_CLASSED = SecrecyRule(restricted=False, portal=ALL_OF_CUSTOMER, portal_files=True, unstamped=True, logged=False)


def with_opened(acts: Iterable[str]) -> frozenset[str]:
	"""Acts with what they rest on: nobody lists, prints, downloads or is mailed what they may not open."""
	found = frozenset(acts)
	return found | {OPEN} if found else found
