"""Whether the files of a tangible deliverable have the form that was agreed (8.2.e)."""

from __future__ import annotations

from collections.abc import Iterable

ENDINGS: dict[str, tuple[str, ...]] = {
	"PDF": ("pdf",),
	"Word": ("docx", "doc", "odt"),
	"Excel": ("xlsx", "xls", "ods"),
	"CSV": ("csv",),
	"Text": ("txt", "md", "log"),
	"Picture": ("png", "jpg", "jpeg", "webp", "gif"),
	"Presentation": ("pptx", "ppt", "odp"),
}
FORMATS = tuple(ENDINGS)


def ending(name: str) -> str:
	"""The ending of a file's name, in small letters; "" where it has none."""
	return name.rpartition(".")[2].lower() if "." in name.rpartition("/")[2] else ""


def has_wanted(wanted: str, names: Iterable[str]) -> bool:
	"""Whether one of the files at least is of the wanted format; others beside it are annexes. Any file will do where none is wanted."""
	names = list(names)
	if not wanted:
		return bool(names)
	return any(ending(name) in ENDINGS.get(wanted, ()) for name in names)
