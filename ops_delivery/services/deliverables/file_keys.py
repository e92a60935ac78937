"""The site's keys for encrypted files: `ops_delivery_file_keys` of its configuration, {id: 256 bits as base64}; the last one encrypts.

Who loses a key loses the files that were encrypted by it; the site's configuration belongs into a safe place beside the backups.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import Any

import frappe
from frappe import _
from frappe.installer import update_site_config
from frappe.utils import escape_html

from ops_delivery.services.deliverables import sealed
from ops_delivery.services.shared.site_time import site_now

CONFIG = "ops_delivery_file_keys"


class NoKey(frappe.ValidationError):
	"""A file is to be encrypted or opened, and the key for it is not in the site's configuration."""


def all_of_site() -> dict[str, bytes]:
	"""The keys by their ids, oldest first. NoKey for one that cannot be read."""
	stored: Any = frappe.conf.get(CONFIG) or {}
	found = {}
	for name, text in stored.items() if isinstance(stored, dict) else ():
		try:
			found[name] = base64.b64decode(text, validate=True)
		except (binascii.Error, TypeError, ValueError):
			found[name] = b""
		if len(found[name]) != sealed.KEY_BYTES:
			frappe.throw(
				_("{0} in the site's configuration: the key {1} cannot be read. Put the right one back.").format(
					frappe.bold(CONFIG), frappe.bold(escape_html(str(name)))
				),
				NoKey,
			)
	return found


def current() -> str:
	"""The id of the key that encrypts. NoKey where there is none."""
	keys = all_of_site()
	if not keys:
		frappe.throw(
			_("Files cannot be encrypted yet: this site has no key. Somebody with access to the server runs: {0}").format(
				"<code>bench --site … ops-file-key --make</code>"
			),
			NoKey,
		)
	return next(reversed(keys))


def make() -> str:
	"""Make a key and write it into the site's configuration; its id. From now on it encrypts, the others still open."""
	name = f"{site_now():%Y%m%d}-{secrets.token_hex(3)}"
	kept = dict(frappe.conf.get(CONFIG) or {})
	kept[name] = base64.b64encode(secrets.token_bytes(sealed.KEY_BYTES)).decode()
	_write(kept)
	return name


def forget(name: str) -> None:
	"""Take a key out of the configuration; the caller knows that nothing needs it."""
	_write({key: value for key, value in dict(frappe.conf.get(CONFIG) or {}).items() if key != name})


def _write(keys: dict[str, str]) -> None:
	update_site_config(CONFIG, keys, validate=False)
	frappe.local.conf[CONFIG] = keys
