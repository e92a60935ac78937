"""Pictures for the demo: a customer's signature and photos of devices, as far as they can be drawn."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw


def draw_signature(chance) -> str:
	"""A scrawl, as a finger leaves it on the glass."""
	picture = Image.new("RGB", (600, 200), "white")
	points = [(40 + 26 * n, 100 + chance.randrange(-70, 70)) for n in range(20)]
	ImageDraw.Draw(picture).line(points, fill="#1b2a49", width=5, joint="curve")
	return _data_url(picture)


def draw_photo(words: str) -> str:
	"""A photo of a device, as far as one can be drawn: a front with its ports, its lamps and its label."""
	picture = Image.new("RGB", (900, 600), "#c9ced4")
	draw = ImageDraw.Draw(picture)
	draw.rectangle((60, 200, 840, 400), fill="#2f343a", outline="#15181b", width=6)
	for number in range(12):
		left = 100 + number * 52
		draw.rectangle((left, 250, left + 38, 300), fill="#0c0d0f", outline="#767d85", width=2)
		draw.ellipse((left + 12, 316, left + 26, 330), fill="#35c26b" if number % 5 else "#e0a030")
	draw.rectangle((740, 240, 820, 290), fill="#eeeeee")
	draw.text((746, 256), words[:10], fill="#111111")
	return _data_url(picture)


def _data_url(picture: Image.Image) -> str:
	kept = io.BytesIO()
	picture.save(kept, "PNG")
	return f"data:image/png;base64,{base64.b64encode(kept.getvalue()).decode()}"
