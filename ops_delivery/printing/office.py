"""Word documents to PDF by LibreOffice, where it is installed: found on the path, with a profile of its own for each run.

No window, no macros, no links that are followed; ended with its children when its time is up. At most as many at a time as there
are places, on the whole machine: a place is a lock that goes with its holder. What a run leaves lies in one folder that is removed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops_delivery.printing import helpers

PROGRAMS = ("soffice", "libreoffice", "lowriter")
PLACES = 2
SECONDS, WAIT_SECONDS, STALE_SECONDS = 60, 40, 3600
PREFIX = "ops-office-"
FILTERS = {"pdf": "pdf:writer_pdf_Export", "csv": "csv:Text - txt - csv (StarCalc):44,34,76"}
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


class Unavailable(Exception):
	"""LibreOffice is not installed here, or cannot be started; the text says why."""


class Busy(Exception):
	"""All places were taken for as long as one waits."""


class NotConverted(Exception):
	"""LibreOffice gave no whole document; the text says what it said."""


def program() -> str | None:
	"""Where LibreOffice is; None where it is not installed."""
	return next(filter(None, map(shutil.which, PROGRAMS)), None)


def pdf(document: bytes, seconds: float = SECONDS) -> bytes:
	"""The PDF of a DOCX. Unavailable, Busy, NotConverted, helpers.TooSlow; OSError where the disk takes nothing."""
	content = converted(document, "docx", "pdf", seconds)
	if not content.startswith(b"%PDF") or b"%%EOF" not in content[-1024:]:
		raise NotConverted("no whole PDF")
	return content


def converted(document: bytes, ending: str, wanted: str, seconds: float = SECONDS) -> bytes:
	"""A document as another kind of file: pdf or csv."""
	found = program()
	if not found:
		raise Unavailable("no soffice on the path")
	with place(), tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
		_sweep()
		room = Path(folder)
		(room / "profile" / "user").mkdir(parents=True)
		(room / "profile" / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
		(room / f"paper.{ending}").write_bytes(document)
		command = [found, f"-env:UserInstallation={(room / 'profile').as_uri()}", "--headless", "--norestore", "--nologo", "--nodefault"]
		command += ["--nolockcheck", "--convert-to", FILTERS[wanted], "--outdir", str(room / "out"), str(room / f"paper.{ending}")]
		if timer := shutil.which("timeout"):  # also where who started it is killed
			command = [timer, "-s", "KILL", str(int(seconds) + 5), *command]
		kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if os.environ.get(name)}
		environment = {"LANG": "C.UTF-8", **kept, "HOME": folder, "TMPDIR": folder, "SAL_USE_VCLPLUGIN": "svp"}
		try:
			code, _out, complaint = helpers.run(command, b"", seconds, environment)
		except OSError as error:
			raise Unavailable(str(error)) from None
		made = room / "out" / f"paper.{wanted}"
		if not made.is_file():
			raise NotConverted(complaint.decode(errors="replace")[-300:].strip() or f"exit code {code}")
		return made.read_bytes()


def _sweep() -> None:
	"""Remove what runs left behind whose starter was killed."""
	for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
		try:
			known = folder.lstat()
			if stat.S_ISDIR(known.st_mode) and known.st_uid == os.getuid() and known.st_mtime < time.time() - STALE_SECONDS:
				shutil.rmtree(folder, ignore_errors=True)
		except OSError:
			continue


@contextmanager
def place(seconds: float = WAIT_SECONDS) -> Iterator[None]:
	"""One of the places for a while. Busy."""
	until = time.monotonic() + seconds
	while True:
		for number in range(PLACES):
			handle = os.open(Path(tempfile.gettempdir()) / f"{PREFIX}{os.getuid()}-{number}.lock", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
			try:
				fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
			except OSError:
				os.close(handle)
				continue
			try:
				yield
			finally:
				os.close(handle)
			return
		if time.monotonic() >= until:
			raise Busy
		time.sleep(0.1)
