"""The mappings that come with the command: found by name, or by the columns of a log."""

from __future__ import annotations

from collections.abc import Collection
from importlib import resources
from pathlib import Path

from ops_delivery.replay import text_files
from ops_delivery.replay.errors import InputError, quote
from ops_delivery.replay.mapping import LogMapping, named
from ops_delivery.replay.mapping_file import parse

NEAR = 0.5  # the share of a mapping's columns that a log may lack to be called near


def shipped() -> list[str]:
	"""The names of the mappings that come with the command."""
	folder = resources.files("ops_delivery.replay") / "mappings"
	return sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".json"))


def load(name_or_path: str) -> LogMapping:
	"""The shipped mapping of that name, or the mapping in that file."""
	if name_or_path in shipped():
		text = (resources.files("ops_delivery.replay") / "mappings" / f"{name_or_path}.json").read_text(
			"utf-8"
		)
		return parse(text, name_or_path)
	path = Path(name_or_path)
	try:
		return parse(text_files.read(path), path.name)
	except FileNotFoundError:
		raise InputError(
			"--mapping",
			f"{quote(name_or_path)} is neither a file nor a shipped mapping ({', '.join(shipped())})",
		)
	except OSError as error:
		raise InputError(name_or_path, f"cannot be read ({error.strerror or error})")


def detect(header: Collection[str], log: str, divided: str) -> LogMapping:
	"""The shipped mapping that finds its columns in `header`; the one that needs most of them if several do.

	InputError that names what was found; `divided` says what divides the columns.
	"""
	mappings = [load(name) for name in shipped()]
	fitting = [mapping for mapping in mappings if not mapping.missing_columns(header)]
	if fitting:
		return max(fitting, key=lambda mapping: (len(mapping.needed_columns()), mapping.name))

	def lacking(mapping: LogMapping) -> float:
		return len(mapping.missing_columns(header)) / len(mapping.needed_columns())

	near = min(mappings, key=lacking)
	nearest = ""
	if lacking(near) <= NEAR:
		nearest = f" (nearest: {near.name}, missing {', '.join(map(quote, near.missing_columns(header)))})"
	raise InputError(
		log,
		f"no shipped mapping fits its columns{nearest}: {named(header)}, divided by {divided}; "
		f"give one with --mapping (ops-delivery mapping {log} drafts it)",
	)
