"""Pictures that people draw or take: only real ones of a sensible size are kept, written anew, private (7.2.c.1)."""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import dataclass
from importlib.util import find_spec

import frappe
from frappe import _
from frappe.utils import cstr

from ops_delivery.domain import ink
from ops_delivery.services.shared.domain_errors import guard

MEGABYTE = 1024 * 1024
KINDS = ("PNG", "JPEG")
DARK = 160  # of 255: less light than that is ink


@dataclass(frozen=True)
class Limit:
	"""What a picture may be: bytes once decoded, pixels, the longest side it is kept with, the format it is kept in."""

	size: int
	pixels: int
	side: int
	kept_as: str


SIGNATURE = Limit(size=1 * MEGABYTE, pixels=8_000_000, side=1200, kept_as="PNG")
PHOTO = Limit(size=12 * MEGABYTE, pixels=60_000_000, side=2400, kept_as="JPEG")


def read(data_url: str, limit: Limit) -> bytes:
	"""The picture of a data URL, written anew: no longer side than the limit's, and nothing but the picture in it.

	frappe.ValidationError for what is too large or, by its bytes, no PNG or JPEG.
	"""
	text = cstr(data_url).strip()
	head, _comma, body = text.partition(",") if text.startswith("data:") else ("", "", text)
	if len(body) > limit.size * 4 // 3 + 4:
		_refuse_size(limit)
	if head and ";base64" not in head:
		_refuse_kind()
	try:
		content = base64.b64decode(body, validate=True)
	except (binascii.Error, ValueError):
		_refuse_kind()
	return rewrite(content, limit)


def rewrite(content: bytes, limit: Limit) -> bytes:
	"""As read(), for bytes."""
	from PIL import Image, ImageOps

	if len(content) > limit.size:
		_refuse_size(limit)
	if is_heic(content):
		content = from_heic(content, _("The picture"))
	try:
		with Image.open(io.BytesIO(content), formats=KINDS) as picture:
			if picture.width * picture.height > limit.pixels:
				_refuse_size(limit)
			picture = ImageOps.exif_transpose(picture)
			picture.thumbnail((limit.side, limit.side))
			kept = io.BytesIO()
			if limit.kept_as == "JPEG":
				picture.convert("RGB").save(kept, "JPEG", quality=85)
			else:
				clean = Image.new("RGBA", picture.size)
				clean.paste(picture.convert("RGBA"))
				clean.save(kept, "PNG")
			return kept.getvalue()
	except frappe.ValidationError:
		raise
	except Exception:  # whatever Pillow makes of bytes that are no picture
		_refuse_kind()


def is_heic(content: bytes) -> bool:
	"""Whether this is a photo in Apple's format."""
	return content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def can_read_heic() -> bool:
	"""Whether this bench can convert such photos (the package pillow-heif)."""
	return find_spec("pillow_heif") is not None


def from_heic(content: bytes, said: str) -> bytes:
	"""A photo in Apple's format as JPEG. `said`: its name for the message where that is not possible."""
	if not can_read_heic():
		refuse_heic(said)
	import pillow_heif
	from PIL import Image, ImageOps

	pillow_heif.register_heif_opener()
	try:
		with Image.open(io.BytesIO(content), formats=("HEIF",)) as picture:
			if picture.width * picture.height > PHOTO.pixels:
				_refuse_size(PHOTO)
			kept = io.BytesIO()
			ImageOps.exif_transpose(picture).convert("RGB").save(kept, "JPEG", quality=88)
			return kept.getvalue()
	except frappe.ValidationError:
		raise
	except Exception:  # whatever the library makes of bytes that are no picture
		_refuse_kind()


def refuse_heic(said: str) -> None:
	"""Say what to do with a photo in Apple's format that cannot be kept."""
	frappe.throw(
		_(
			"{0} is in Apple's format HEIC, which many cannot open. Send it as JPEG: choose it from the photo library once more, or set the camera to Most Compatible."
		).format(said),
		title=_("HEIC is not taken"),
	)


def refuse_unsigned(content: bytes) -> None:
	"""A signature is a line on paper: what is transparent, white, black or a tap alone signs nothing."""
	from PIL import Image

	with Image.open(io.BytesIO(content)) as picture:
		drawn = picture.convert("RGBA")
		paper = Image.new("RGBA", drawn.size, "white")
		dark = Image.alpha_composite(paper, drawn).convert("L").point(lambda light: 255 if light < DARK else 0)
	columns, rows = ([place for place, inked in enumerate(line) if inked] for line in dark.getprojection())
	with guard(_("Signature", context="Ops Delivery")):
		ink.check(*dark.size, columns, rows, dark.histogram()[255])


def _refuse_size(limit: Limit) -> None:
	frappe.throw(
		_("The picture is too large: at most {0} MB and {1} million pixels.").format(
			limit.size // MEGABYTE, limit.pixels // 1_000_000
		),
		title=_("Picture too large"),
	)


def _refuse_kind() -> None:
	frappe.throw(_("This is not a picture. Only PNG and JPEG are taken."), title=_("Not a picture"))
