"""How many sites are tested side by side."""

import parts
import pytest


@pytest.fixture(autouse=True)
def two_processors(monkeypatch):
	monkeypatch.delenv("OPS_TEST_WORKERS", raising=False)
	monkeypatch.setattr(parts, "processors", lambda: 2)


@pytest.mark.parametrize(
	("arguments", "count"),
	[
		([], 2),
		(["-x", "--durations=5"], 2),
		(["-k", "acceptance"], 1),
		(["-kacceptance"], 1),
		(["-m=clause"], 1),
		(["--lf"], 1),
		(["tests/site/test_clocks.py"], 1),
		(["tests/site/test_clocks.py::test_nothing", "-v"], 1),
	],
)
def test_a_choice_of_tests_needs_no_second_site(arguments, count):
	assert parts.workers(arguments) == count


def test_the_number_can_be_given(monkeypatch):
	monkeypatch.setenv("OPS_TEST_WORKERS", "3")
	assert parts.workers(["-k", "acceptance"]) == 3
	monkeypatch.setenv("OPS_TEST_WORKERS", "1")
	assert parts.workers([]) == 1
	assert parts.side_by_side(1) == []


def test_one_processor_gets_one_site(monkeypatch):
	monkeypatch.setattr(parts, "processors", lambda: 1)
	assert parts.workers([]) == 1


def test_each_worker_has_a_site():
	assert parts.test_sites(3) == ["ops-test.localhost", "ops-test-2.localhost", "ops-test-3.localhost"]


def test_every_file_of_the_smoke_set_is_there():
	for name in parts.SMOKE:
		assert (parts.CHECKOUT / "tests" / "site" / f"test_{name}.py").exists(), name
