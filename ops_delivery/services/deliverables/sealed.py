"""The form of an encrypted file: AES-GCM in chunks, its own data key wrapped by a key of the site (8.2.c.2).

    magic · length of the head · head (JSON: id of the site's key, wrapped data key, nonce, size, chunk) · chunks

Each chunk is bound to its file, its place and whether it is the last, so that none is changed, exchanged, left out or cut off. Another
key of the site wraps the same data key anew: the chunks stay. `cryptography` comes with Frappe; nothing here is of our own making.
"""

from __future__ import annotations

import base64
import json
import os
import struct
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"OPSSEAL1"
CHUNK = 1 << 20
KEY_BYTES, NONCE_BYTES, FILE_NONCE, TAG = 32, 12, 8, 16
LENGTH = struct.Struct(">I")
LONGEST_HEAD = 4096


class KeyLost(Exception):
	"""The site's key by which a file was encrypted is not there."""

	def __init__(self, key: str):
		super().__init__(key)
		self.key = key


class Damaged(Exception):
	"""An encrypted file is not what was written."""


def is_sealed(start: bytes) -> bool:
	"""Whether bytes are the beginning of an encrypted file."""
	return start.startswith(MAGIC)


def key_of(sealed: bytes) -> str:
	"""The id of the site's key by which a file is encrypted. Damaged."""
	return _head(sealed)[0]["key"]


def seal(plain: bytes, key: str, keys: Mapping[str, bytes]) -> bytes:
	"""Encrypt bytes by a new data key, wrapped by the site's key of that id."""
	data_key, nonce = os.urandom(KEY_BYTES), os.urandom(FILE_NONCE)
	head = {"key": key, "wrapped": _wrapped(data_key, nonce, keys[key]), "nonce": _text(nonce), "size": len(plain), "chunk": CHUNK}
	cipher, count = AESGCM(data_key), max(1, -(-len(plain) // CHUNK))
	parts = [
		cipher.encrypt(nonce + LENGTH.pack(place), plain[place * CHUNK : (place + 1) * CHUNK], _bound(nonce, place, count)) for place in range(count)
	]
	return b"".join((*_headed(head), *parts))


def opened(sealed: bytes, keys: Mapping[str, bytes]) -> bytes:
	"""The bytes that were encrypted. KeyLost, Damaged."""
	head, at = _head(sealed)
	data_key, nonce = _unwrapped(head, keys), _bytes(head["nonce"])
	cipher, step = AESGCM(data_key), head["chunk"] + TAG
	count = max(1, -(-head["size"] // head["chunk"]))
	view, parts = memoryview(sealed)[at:], []
	try:
		for place in range(count):
			parts.append(cipher.decrypt(nonce + LENGTH.pack(place), bytes(view[place * step : (place + 1) * step]), _bound(nonce, place, count)))
	except (InvalidTag, ValueError) as error:
		raise Damaged("a part of it was changed or is missing") from error
	plain = b"".join(parts)
	if len(plain) != head["size"] or len(view) != head["size"] + TAG * count:
		raise Damaged("it has another length")
	return plain


def rewrapped(sealed: bytes, key: str, keys: Mapping[str, bytes]) -> bytes:
	"""The same file by another key of the site: its data key wrapped anew. KeyLost, Damaged."""
	head, at = _head(sealed)
	data_key = _unwrapped(head, keys)
	return b"".join((*_headed({**head, "key": key, "wrapped": _wrapped(data_key, _bytes(head["nonce"]), keys[key])}), sealed[at:]))


def _headed(head: dict[str, Any]) -> tuple[bytes, bytes, bytes]:
	text = json.dumps(head, sort_keys=True).encode()
	return MAGIC, LENGTH.pack(len(text)), text


def _head(sealed: bytes) -> tuple[dict[str, Any], int]:
	start = len(MAGIC) + LENGTH.size
	try:
		if not is_sealed(sealed):
			raise ValueError
		length = LENGTH.unpack(sealed[len(MAGIC) : start])[0]
		head = json.loads(sealed[start : start + length]) if length <= LONGEST_HEAD else {}
		if not (isinstance(head["key"], str) and head["chunk"] > 0 and head["size"] >= 0 and head["wrapped"] and head["nonce"]):
			raise ValueError
	except (ValueError, KeyError, TypeError, struct.error) as error:
		raise Damaged("its head cannot be read") from error
	return head, start + length


def _wrapped(data_key: bytes, file_nonce: bytes, by: bytes) -> str:
	nonce = os.urandom(NONCE_BYTES)
	return _text(nonce + AESGCM(by).encrypt(nonce, data_key, MAGIC + file_nonce))


def _unwrapped(head: Mapping[str, Any], keys: Mapping[str, bytes]) -> bytes:
	if head["key"] not in keys:
		raise KeyLost(head["key"])
	try:
		wrapped = _bytes(head["wrapped"])
		return AESGCM(keys[head["key"]]).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], MAGIC + _bytes(head["nonce"]))
	except InvalidTag as error:
		raise KeyLost(head["key"]) from error  # another key stands under that id
	except ValueError as error:
		raise Damaged("its key cannot be read") from error


def _bound(nonce: bytes, place: int, count: int) -> bytes:
	return MAGIC + nonce + LENGTH.pack(place) + LENGTH.pack(count)


def _text(value: bytes) -> str:
	return base64.b64encode(value).decode()


def _bytes(text: str) -> bytes:
	return base64.b64decode(text)
