"""What this app costs a site that uses nothing of it: saves, jobs, and what a desk page and a form carry, with and without it.

Run from a bench's sites/ folder with the bench's Python, on a site whose tests may run:
	python APP/benchmarks/guest.py SITE [--rounds 20]

The site is taken for one on which we were just installed. Both are taken in turn on one site in one process, and all of it is
rolled back. "Without" is the site with every hook of this app taken out, and for the form its custom fields, too. Queries are
counted warm; then comes how many the first save after a cleared cache takes, and the bytes that go to a browser: as they are, and
as a web server packs them (gzip).
"""

import argparse
import gzip
import json
import re
import statistics
import sys
import time
from contextlib import ExitStack, nullcontext
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))

import frappe
import frappe.desk.form.load
import frappe.utils.response
import isolation
import test_guest_cost as cost
from frappe.translate import get_translations_from_apps
from frappe.utils import set_request

from ops_delivery.services.administration import desk_boot

APP = "ops_delivery"
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
		names = cost.NAMES
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
				cold[variant] = cost.counted_cold(saves)
	print(f"{'':16}{'queries':>10}{'with us':>10}{'ms':>8}{'with us':>10}")
	for name in names:
		without, with_us = (1000 * statistics.median(times[variant][name]) for variant in VARIANTS)
		print(
			f"{name.replace('_', ' '):16}{queries['without'][name]:10}{queries['with'][name]:10}{without:8.1f}{with_us:10.1f}"
		)
	print("first save after a cleared cache")
	for name, count in cold["without"].items():
		print(f"{name.replace('_', ' '):16}{count:10}{cold['with'][name]:10}")
	with isolation.rolled_back(arguments.site):
		isolation.switch(isolation.AS_INSTALLED, groups=[])
		cost.forget_all_use()
		for doctype in desk_boot.MADE:
			frappe.db.delete(doctype)
		report_jobs()
		report_bytes()


def report_jobs() -> None:
	"""What of ours the scheduler would start at each of its turns, and log."""
	row = {"method": ["like", f"{APP}.%"], "stopped": 0, "frequency": ["in", ["All", "Cron"]]}
	jobs = frappe.get_all("Scheduled Job Type", row, pluck="cron_format")
	every_minute = [cron for cron in jobs if not cron or cron.startswith("* ")]
	print(f"jobs of ours every minute, and lines of the scheduler's log for them: {len(every_minute)}")


def report_bytes() -> None:
	print(f"\n{'bytes':34}{'without':>10}{'with us':>10}{'more':>9}{'gzip':>9}{'with us':>9}{'more':>8}")
	line("scripts and styles, desk page", host_scripts(False), host_scripts(True))
	line("what the page is told (boot)", b"", json.dumps(boot()).encode())
	with left_out():
		without = form("Issue")
	with_us = form("Issue")
	line("form of Issue", without, with_us)
	fields = len(re.findall(rb'"fieldname":\s*"ops_', with_us))
	scripts = sum(len(frappe.desk.form.meta.get_meta("Issue").get(key) or "") for key in ("__js", "__list_js"))
	print(f"    of it {fields} custom fields; scripts of the form and its list {scripts}")
	for doctype in ("Task", "Project", "Communication", "Customer"):
		with left_out():
			without = form(doctype)
		line(f"form of {doctype}", without, form(doctype))
	apps = frappe.get_installed_apps()
	words = [get_translations_from_apps("zh", apps=[app for app in apps if app not in left]) for left in ([APP], [])]
	line("Chinese dictionary", *(json.dumps(each, ensure_ascii=False).encode() for each in words))
	print(f"    {len(words[0])} words, {len(words[1])} with us")
	later = {part: [size(path) for path in desk_boot.script_addresses(bundle)] for part, bundle in desk_boot.SCRIPTS.items()}
	print("fetched where it is used: " + ", ".join(f"{part} {sum(sizes)} in {len(sizes)} files" for part, sizes in later.items()))


def line(what: str, without: bytes, with_us: bytes) -> None:
	packed = [len(gzip.compress(each, 6)) if each else 0 for each in (without, with_us)]
	print(
		f"{what:34}{len(without):10}{len(with_us):10}{len(with_us) - len(without):9}"
		f"{packed[0]:9}{packed[1]:9}{packed[1] - packed[0]:8}"
	)


def host_scripts(with_us: bool) -> bytes:
	"""The files that every desk page names, one after another."""
	assets, found = frappe.utils.get_assets_json(), []
	for app in frappe.get_installed_apps():
		if app == APP and not with_us:
			continue
		for hook in ("app_include_js", "app_include_css"):
			found += frappe.get_hooks(hook, app_name=app)
	return b"".join(file(assets.get(path, path)).read_bytes() for path in found if file(assets.get(path, path)).exists())


def file(address: str) -> Path:
	return Path(frappe.local.sites_path, address.split("?")[0].lstrip("/"))


def size(address: str) -> int:
	return file(address).stat().st_size


def boot() -> dict:
	told = frappe._dict()
	desk_boot.extend(told)
	return dict(told)


def form(doctype: str) -> bytes:
	"""What the desk asks of the server before it can show the form, by whoever stands in for it."""
	frappe.clear_cache(doctype=doctype)
	set_request(method="GET", path="/")
	frappe.local.response = frappe._dict(docs=[])
	load = frappe.override_whitelisted_method("frappe.desk.form.load.getdoctype")
	frappe.get_attr(load)(doctype, with_parent=1)
	return frappe.utils.response.as_json().get_data()


class left_out(ExitStack):
	"""The site without us: no hooks, no custom fields or property setters."""

	def __enter__(self):
		super().__enter__()
		self.enter_context(cost.without_us())
		apps = [app for app in frappe.get_installed_apps() if app != APP]
		self.enter_context(patch.object(frappe, "get_installed_apps", lambda *args, **kwargs: apps))
		frappe.db.savepoint("left_out")
		self.callback(frappe.db.rollback, save_point="left_out")
		for doctype in ("Custom Field", "Property Setter"):
			frappe.db.delete(doctype, {"module": "Ops Delivery"})
		frappe.db.delete("Custom Field", {"fieldname": ["like", "ops\\_%"]})
		return self


if __name__ == "__main__":
	main()
