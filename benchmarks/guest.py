"""What this app costs a site that uses nothing of it: queries and milliseconds of everyday saves, with it and without it.

Run from a bench's sites/ folder with the bench's Python, on a site whose tests may run:
	python APP/benchmarks/guest.py SITE [--rounds 20]

The site is taken for one on which we were just installed. Both are taken in turn on one site in one process, and all of it is
rolled back. "Without" is the site with every hook of this app taken out. Queries are counted warm; the last line says how many
more the first save after a cleared cache takes.
"""

import argparse
import statistics
import sys
import time
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe
import isolation
import test_guest_cost as cost

from ops_delivery.services import kept

VARIANTS = {"without": cost.without_us, "with": nullcontext}


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("site")
	parser.add_argument("--rounds", type=int, default=20)
	arguments = parser.parse_args()
	with isolation.rolled_back(arguments.site), isolation.collected_jobs():
		isolation.switch(isolation.AS_INSTALLED, groups=[])
		cost.forget_all_use()
		saves = cost.Saves()
		names = [name for name in vars(cost.Saves) if not name.startswith("_")]
		queries = {variant: {} for variant in VARIANTS}
		times = {variant: {name: [] for name in names} for variant in VARIANTS}
		for variant, within in VARIANTS.items():
			with within():
				for name in names:
					getattr(saves, name)()
					getattr(saves, name)()
					queries[variant][name] = cost.queries(getattr(saves, name))
		for _round in range(arguments.rounds):
			for variant, within in VARIANTS.items():
				with within():
					for name in names:
						began = time.perf_counter()
						getattr(saves, name)()
						times[variant][name].append(time.perf_counter() - began)
		cold = {}
		for variant, within in VARIANTS.items():
			with within():
				frappe.clear_cache()
				kept.forget_all()
				cold[variant] = cost.queries(saves.note)
	print(f"{'':16}{'queries':>10}{'with us':>10}{'ms':>8}{'with us':>10}")
	for name in names:
		without, with_us = (1000 * statistics.median(times[variant][name]) for variant in VARIANTS)
		print(
			f"{name.replace('_', ' '):16}{queries['without'][name]:10}{queries['with'][name]:10}{without:8.1f}{with_us:10.1f}"
		)
	print(f"first save after a cleared cache: {cold['without']} queries, {cold['with']} with us")


if __name__ == "__main__":
	main()
