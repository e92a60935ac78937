"""QR codes on papers."""

from __future__ import annotations

import base64
import io

import pyqrcode


def as_data_url(address: str, quiet_zone: int = 1) -> str:
	"""A QR code that opens an address, as an SVG in a data URL; a seventh of it may be damaged. `quiet_zone`: modules around it."""
	drawn = io.BytesIO()
	pyqrcode.create(address, error="M").svg(drawn, scale=4, quiet_zone=quiet_zone, background="white")
	return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()
