"""QR codes on papers."""

from __future__ import annotations

import base64
import io

import pyqrcode
from PIL import Image


def as_data_url(address: str, quiet_zone: int = 1) -> str:
	"""A QR code that opens an address, as an SVG in a data URL; a seventh of it may be damaged. `quiet_zone`: modules around it."""
	drawn = io.BytesIO()
	pyqrcode.create(address, error="M").svg(drawn, scale=4, quiet_zone=quiet_zone, background="white")
	return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()


def as_png_url(address: str, quiet_zone: int = 1, scale: int = 6) -> str:
	"""The same as a PNG, for documents that take no SVG."""
	modules = pyqrcode.create(address, error="M").code
	side = len(modules) + 2 * quiet_zone
	picture = Image.new("1", (side, side), 1)
	for y, row in enumerate(modules):
		for x, dark in enumerate(row):
			if dark == 1:
				picture.putpixel((x + quiet_zone, y + quiet_zone), 0)
	drawn = io.BytesIO()
	picture.resize((side * scale, side * scale)).save(drawn, "PNG")
	return "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode()
