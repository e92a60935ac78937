"""What is done to the sites before tests run on them."""

import itertools

import bench_site
import in_use
import pytest
import snapshot

ONE, TWO = "ops-test.localhost", "ops-test-2.localhost"


@pytest.fixture
def on(make_bench_folder, monkeypatch):
	"""A bench on which only files are moved. on.did: what would have been done."""
	bench, numbers = make_bench_folder(), itertools.count()
	bench.did = []
	(bench.sites / ONE).mkdir()
	bench.app = "1"
	monkeypatch.setattr(bench_site, "wanted_state", lambda bench: {"app": bench.app, "setup": "1"})
	monkeypatch.setattr(bench_site, "on_site", lambda bench, site, *command: [site, *command])
	monkeypatch.setattr(bench, "run_quietly", lambda *command: bench.did.append("migrate") if "migrate" in command else None)

	def make_site(bench, site, config):
		(bench.sites / site).mkdir(exist_ok=True)
		in_use.forget(bench.sites / site)
		bench_site.write_state(bench, site, bench_site.wanted_state(bench))
		bench.did.append(f"make {site}")

	def take(bench, site, name):
		snapshot.folder(bench, name).mkdir(parents=True, exist_ok=True)
		called = f"snapshot {next(numbers)}"
		(snapshot.folder(bench, name) / "identity").write_text(called)
		bench.did.append(f"take {site}")
		return called

	def restore(bench, name, site, config=None):
		(bench.sites / site).mkdir(exist_ok=True)
		in_use.forget(bench.sites / site)
		(bench.sites / site / "site_config.json").touch()
		bench.did.append(f"restore {site}")

	monkeypatch.setattr(bench_site, "make_site", make_site)
	monkeypatch.setattr(snapshot, "take", take)
	monkeypatch.setattr(snapshot, "restore", restore)
	monkeypatch.setattr(snapshot, "make_site", restore)
	return bench


def prepared(bench, *sites, **options):
	"""What is done the next time."""
	bench.did.clear()
	bench_site.prepare_test_sites(bench, list(sites), **options)
	return bench.did


def leave_mark(bench, site):
	(bench.sites / site / in_use.NAME).touch()


def test_sites_are_made_once_and_the_second_from_the_first(on):
	assert prepared(on, ONE) == [f"make {ONE}", f"take {ONE}"]
	assert prepared(on, ONE, TWO) == [f"restore {TWO}"]
	assert prepared(on, ONE, TWO) == []


def test_a_new_app_is_migrated_once_from_the_clean_site(on):
	prepared(on, ONE, TWO)
	on.app = "2"
	assert prepared(on, ONE, TWO) == [f"restore {ONE}", "migrate", f"take {ONE}", f"restore {TWO}"]
	assert prepared(on, ONE, TWO) == []


def test_what_an_interrupted_run_left_is_taken_away(on):
	prepared(on, ONE, TWO)
	leave_mark(on, TWO)
	assert prepared(on, ONE) == []
	assert prepared(on, ONE, TWO) == [f"restore {TWO}"]
	leave_mark(on, ONE)
	assert prepared(on, ONE, TWO) == [f"restore {ONE}"]
	assert prepared(on, ONE, TWO) == []


def test_without_a_snapshot_a_site_in_use_is_made_anew(on):
	bench_site.write_state(on, ONE, {"app": "1", "setup": "1"})
	leave_mark(on, ONE)
	assert prepared(on, ONE) == [f"make {ONE}", f"take {ONE}"]


def test_a_site_without_a_snapshot_is_kept_when_it_was_left_in_order(on):
	bench_site.write_state(on, ONE, {"app": "1", "setup": "1"})
	assert prepared(on, ONE) == [f"take {ONE}"]


def test_fresh_makes_all_of_them_anew(on):
	prepared(on, ONE, TWO)
	assert prepared(on, ONE, TWO, fresh=True) == [f"make {ONE}", f"take {ONE}", f"restore {TWO}"]


def test_a_site_named_alike_on_two_benches_has_two_databases(on, make_bench_folder):
	assert snapshot.database_name(on, ONE) != snapshot.database_name(make_bench_folder("other"), ONE)
