"""The tools are scripts: each imports the others by its bare name."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from bench import Bench


@pytest.fixture
def make_bench_folder(tmp_path):
	"""make_bench_folder(name, frappe="15.103.0"): what is_bench takes for a bench."""

	def make(name: str = "bench", frappe: str = "15.103.0") -> Bench:
		path = tmp_path / name
		for app in ("frappe", "erpnext"):
			(path / "apps" / app / app).mkdir(parents=True)
			(path / "apps" / app / app / "__init__.py").write_text(f'import x\n\n__version__ = "{frappe}"\n')
		for file in ("sites/apps.txt", "env/bin/python", "config/pids/x"):
			(path / file).parent.mkdir(parents=True)
			(path / file).touch()
		return Bench(path)

	return make
