"""A mark in a site's folder while tests may leave records there. Standard library only; the tests import it too.

The process at work holds the mark's lock. A mark that nobody holds was left by a run that was killed: the next run takes
the site back to its snapshot.
"""

import contextlib
import fcntl
from pathlib import Path
from typing import IO

NAME = "ops_delivery-in-use"


def begin(folder: Path) -> IO[str]:
	"""Mark the site in this folder for as long as this process lives. Refused while another process has it."""
	mark = (folder / NAME).open("w")
	try:
		fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
	except OSError:
		mark.close()
		raise RuntimeError(f"other tests run on the site {folder.name}")
	return mark


def end(mark: IO[str]) -> None:
	"""Nothing was left: the site can be used again as it is."""
	Path(mark.name).unlink(missing_ok=True)
	mark.close()


def left_behind(folder: Path) -> bool:
	"""Whether a run left its mark; waits for one that is still at work."""
	path = folder / NAME
	with contextlib.suppress(FileNotFoundError), path.open() as mark:
		fcntl.flock(mark, fcntl.LOCK_EX)
		return path.exists()
	return False


def forget(folder: Path) -> None:
	"""The site was made anew or taken back."""
	(folder / NAME).unlink(missing_ok=True)
