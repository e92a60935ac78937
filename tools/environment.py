"""The checkout's own virtual environment, which knows no Frappe. Standard library only."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from bench import CHECKOUT, SetupError, digest, say


def make_environment(extra: str = "") -> Path:
	"""The Python of .venv, with the app and an extra of pyproject.toml; installed again when that file changes."""
	folder = CHECKOUT / ".venv"
	python, marker = folder / "bin" / "python", folder / f".ready-{extra or 'plain'}"
	wanted = digest([CHECKOUT / "pyproject.toml", CHECKOUT / "setup.py"]) + sys.version
	if marker.exists() and marker.read_text() == wanted:
		return python
	say("making .venv")
	try:
		if not python.exists():
			shutil.rmtree(folder, ignore_errors=True)
			venv.create(folder, with_pip=True)
		install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-e", f"{CHECKOUT}[{extra}]" if extra else CHECKOUT]
		subprocess.run(install, check=True, stdin=subprocess.DEVNULL)
	except (OSError, subprocess.CalledProcessError) as error:
		shutil.rmtree(folder, ignore_errors=True)
		raise SetupError(f"the virtual environment could not be made: {error} (on Debian it needs python3-venv)")
	marker.write_text(wanted)
	return python
