"""Fonts cut down to the characters of a page, before WeasyPrint sees them. Runs in the render process: no Frappe here.

A Chinese face has some 65,000 glyphs. WeasyPrint 59 cuts it with fontTools: 4 to 5 s of processor and 100 MB for every
PDF. WeasyPrint 68 cuts it with HarfBuzz, but keeps the glyphs' numbers, which leaves 110 KiB of empty ones in the PDF.
Cut here by HarfBuzz first (some 3 ms), a face has only what the page needs, for either version. Where there is no
HarfBuzz that can cut, a TrueType face is preferred: fontTools is quick with those.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
from collections.abc import Iterable
from typing import NamedTuple

LATIN = ("Inter", "Noto Sans", "DejaVu Sans")
HAN = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei")
HAN_TRUETYPE = ("WenQuanYi Zen Hei", "Microsoft YaHei", "WenQuanYi Micro Hei")
CUT_LATIN, CUT_HAN = "Paper", "Paper Han"  # the families of the cut faces
FIRST_HAN = 0x2E80
WEIGHTS = {400: 80, 700: 200}  # of CSS: of fontconfig


class Face(NamedTuple):
	"""One face of a font file."""

	path: str
	index: int


def families() -> str:
	"""The value of font-family: cut faces first, then Latin, then Chinese from whichever face the server has.

	The Chinese cut leads: it is there where a page has Chinese, and holds the Latin of that page too, so both are set in one face.
	"""
	han = HAN if cutter() else (*HAN_TRUETYPE, *HAN)
	return ", ".join(f'"{name}"' for name in dict.fromkeys((CUT_HAN, CUT_LATIN, *LATIN, *han))) + ", sans-serif"


def cut_faces(characters: Iterable[str], latin: bool) -> dict[str, tuple[str, bytes]]:
	"""Faces that hold these characters: {name: (the rule @font-face without its address, content)}.

	Empty where nothing can be cut, or where there is no Chinese on the page. `latin`: the Latin faces as well.
	"""
	wanted = frozenset(characters)
	cut = cutter()
	if not cut:
		return {}
	found: dict[str, tuple[str, bytes]] = {}
	plans = [(CUT_HAN, HAN, False)] if any(ord(character) >= FIRST_HAN for character in wanted) else []
	if latin:
		plans += [(CUT_LATIN, LATIN, slant) for slant in (False, True)]
	for family, names, slanted in plans:
		for weight in WEIGHTS:
			face = installed(names, weight, slanted)
			content = face and cut(face, wanted)
			if content:
				style = "italic" if slanted else "normal"
				rule = f'font-family: "{family}"; font-weight: {weight}; font-style: {style}'
				found[f"{family.replace(' ', '-')}-{weight}-{style}"] = (rule, content)
	return found


@functools.cache
def installed(names: tuple[str, ...], weight: int, slanted: bool) -> Face | None:
	"""The first of these families that the server has, in that weight. None for none, and for a variable font: which
	of its instances is meant, WeasyPrint knows better."""
	fontconfig = _library("fontconfig", "libfontconfig.so.1")
	if not fontconfig:
		return None
	for name in names:
		found = _matched(fontconfig, name, weight, slanted)
		if found:
			return found
	return None


def _matched(fontconfig: ctypes.CDLL, name: str, weight: int, slanted: bool) -> Face | None:
	pattern = fontconfig.FcPatternCreate()
	fontconfig.FcPatternAddString(pattern, b"family", name.encode())
	fontconfig.FcPatternAddInteger(pattern, b"weight", WEIGHTS[weight])
	fontconfig.FcPatternAddInteger(pattern, b"slant", 100 if slanted else 0)
	fontconfig.FcConfigSubstitute(None, pattern, 0)
	fontconfig.FcDefaultSubstitute(pattern)
	result = ctypes.c_int()
	match = fontconfig.FcFontMatch(None, pattern, ctypes.byref(result))
	fontconfig.FcPatternDestroy(pattern)
	if not match:
		return None
	try:
		text, number = ctypes.c_char_p(), ctypes.c_int()
		names, at = [], 0
		while fontconfig.FcPatternGetString(match, b"family", at, ctypes.byref(text)) == 0:
			names.append((text.value or b"").decode(errors="replace").casefold())
			at += 1
		if name.casefold() not in names:
			return None
		if fontconfig.FcPatternGetInteger(match, b"slant", 0, ctypes.byref(number)) or bool(number.value) != slanted:
			return None
		if fontconfig.FcPatternGetString(match, b"file", 0, ctypes.byref(text)):
			return None
		path = (text.value or b"").decode()
		index = number.value if not fontconfig.FcPatternGetInteger(match, b"index", 0, ctypes.byref(number)) else 0
		return Face(path, index) if index <= 0xFFFF else None  # above: a named instance of a variable font
	finally:
		fontconfig.FcPatternDestroy(match)


@functools.cache
def cutter():
	"""The function (face, characters) -> content or None that cuts a face; None where HarfBuzz cannot be had."""
	if _harfbuzz():
		return _cut_by_library
	try:
		import uharfbuzz

		uharfbuzz.SubsetInput
	except (ImportError, AttributeError):
		return None
	return _cut_by_binding


def _cut_by_binding(face: Face, characters: frozenset[str]) -> bytes | None:
	import uharfbuzz

	try:
		whole = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(face.path), face.index)
		wanted = uharfbuzz.SubsetInput()
		wanted.unicode_set.update(ord(character) for character in characters)
		return uharfbuzz.subset(whole, wanted).blob.data
	except Exception:  # the binding's own errors; the page is then set in the whole face
		return None


def _cut_by_library(face: Face, characters: frozenset[str]) -> bytes | None:
	library = _harfbuzz()
	blob = library.hb_blob_create_from_file_or_fail(face.path.encode())
	if not blob:
		return None
	whole = library.hb_face_create(blob, face.index)
	library.hb_blob_destroy(blob)
	wanted = library.hb_subset_input_create_or_fail()
	points = library.hb_subset_input_unicode_set(wanted)
	for character in characters:
		library.hb_set_add(points, ord(character))
	cut = library.hb_subset_or_fail(whole, wanted)
	library.hb_subset_input_destroy(wanted)
	library.hb_face_destroy(whole)
	if not cut:
		return None
	blob = library.hb_face_reference_blob(cut)
	length = ctypes.c_uint()
	start = library.hb_blob_get_data(blob, ctypes.byref(length))
	content = ctypes.string_at(start, length.value) if start else b""
	library.hb_blob_destroy(blob)
	library.hb_face_destroy(cut)
	return content or None


_POINTER, _NUMBER = ctypes.c_void_p, ctypes.c_uint
# name: (what it returns, what it takes)
_FUNCTIONS = {
	"hb_blob_create_from_file_or_fail": (_POINTER, (ctypes.c_char_p,)),
	"hb_blob_destroy": (None, (_POINTER,)),
	"hb_blob_get_data": (_POINTER, (_POINTER, ctypes.POINTER(_NUMBER))),
	"hb_face_create": (_POINTER, (_POINTER, _NUMBER)),
	"hb_face_destroy": (None, (_POINTER,)),
	"hb_face_reference_blob": (_POINTER, (_POINTER,)),
	"hb_set_add": (None, (_POINTER, _NUMBER)),
	"hb_subset_input_create_or_fail": (_POINTER, ()),
	"hb_subset_input_destroy": (None, (_POINTER,)),
	"hb_subset_input_unicode_set": (_POINTER, (_POINTER,)),
	"hb_subset_or_fail": (_POINTER, (_POINTER, _POINTER)),
	"FcPatternCreate": (_POINTER, ()),
	"FcPatternDestroy": (None, (_POINTER,)),
	"FcPatternAddString": (ctypes.c_int, (_POINTER, ctypes.c_char_p, ctypes.c_char_p)),
	"FcPatternAddInteger": (ctypes.c_int, (_POINTER, ctypes.c_char_p, ctypes.c_int)),
	"FcConfigSubstitute": (ctypes.c_int, (_POINTER, _POINTER, ctypes.c_int)),
	"FcDefaultSubstitute": (None, (_POINTER,)),
	"FcFontMatch": (_POINTER, (_POINTER, _POINTER, ctypes.POINTER(ctypes.c_int))),
	"FcPatternGetString": (
		ctypes.c_int,
		(_POINTER, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(ctypes.c_char_p)),
	),
	"FcPatternGetInteger": (
		ctypes.c_int,
		(_POINTER, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(ctypes.c_int)),
	),
}


@functools.cache
def _harfbuzz() -> ctypes.CDLL | None:
	"""The part of HarfBuzz that cuts, which finds the rest of it through itself; from 2.9 on."""
	library = _library("harfbuzz-subset", "libharfbuzz-subset.so.0")
	needed = [name for name in _FUNCTIONS if name.startswith("hb_")]
	return library if library and all(hasattr(library, name) for name in needed) else None


def _library(name: str, usual: str) -> ctypes.CDLL | None:
	for candidate in (usual, ctypes.util.find_library(name)):
		if not candidate:
			continue
		try:
			library = ctypes.CDLL(candidate)
		except OSError:
			continue
		for function, (returns, takes) in _FUNCTIONS.items():
			if hasattr(library, function):
				getattr(library, function).restype = returns
				getattr(library, function).argtypes = takes
		return library
	return None
