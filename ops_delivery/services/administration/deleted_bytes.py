"""Before the bytes of a File go: may they (8.2.c.2, 6.3.j)?

A File's own on_trash takes the bytes off the disk before any handler of its event is asked, and no rollback brings them back. So the
same rules are asked here, where Frappe asks who is to take them off. What is no file of ours goes the host's way, or another app's.
"""

from __future__ import annotations

from typing import Any

import frappe

from ops_delivery.services.administration import guarded_records
from ops_delivery.services.deliverables import file_guard

HOOK = "delete_file_data_content"


def delete(file: Any, only_thumbnail: bool = False) -> None:
	"""Hook delete_file_data_content. frappe.PermissionError, StillNamed; then nothing is gone."""
	if not file.flags.new_file:  # one whose insert is taken back was never anybody's
		guarded_records.guard_file_deletion(file)
		file_guard.guard_deletion(file)
		only_thumbnail = only_thumbnail or file_guard.shares_bytes(file)
	others = [method for method in frappe.get_hooks(HOOK) if not method.startswith("ops_delivery.")]
	if others:
		frappe.get_attr(others[0])(file, only_thumbnail=only_thumbnail)
	else:
		file.delete_file_from_filesystem(only_thumbnail=only_thumbnail)


def guard_deletion(file: Any, _method: str | None = None) -> None:
	"""doc_events File.on_trash: the same, where the app that is asked for the bytes is not this one."""
	guarded_records.guard_file_deletion(file)
	file_guard.guard_deletion(file)
