"""Thirty changes of an administrator with our Role Profile, by the desk's own requests, in both languages: each works on a record,
and all are there after two migrations, of which the second changes nothing in the whole database (issue 17)."""

import frappe
import isolation
import pytest
import thirty
import thirty_desk
import thirty_rules
import thirty_workflows

CHANGES = (*thirty_rules.CHANGES, *thirty_workflows.CHANGES, *thirty_desk.CHANGES)


@pytest.fixture(scope="module")
def own_site():
	return thirty.make()


@pytest.fixture
def site(own_site):
	"""In the place of the tests' common site."""
	with thirty.opened(own_site):
		yield own_site


@pytest.fixture(scope="module")
def worlds(own_site):
	"""By language."""
	with thirty.opened(own_site):
		return {language: thirty.World(language) for language in thirty.LANGUAGES}


@pytest.fixture(scope="module")
def kept():
	"""What each change that was made says of itself: (name, language, still)."""
	return []


def test_there_are_thirty():
	assert len(CHANGES) == 30


@pytest.mark.parametrize("language", thirty.LANGUAGES)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_it_works(change, language, site, worlds, kept, jobs):
	world = worlds[language]
	world.jobs = jobs
	still = change(world)
	still()
	kept.append((change.__name__, language, still))


def test_a_second_migration_changes_nothing_and_every_edit_is_there(site, kept):
	"""Of the two migrations the first one may still bring what is new to the site."""
	frappe.db.commit()
	thirty.migrate(site)
	before = thirty.everything()
	thirty.migrate(site)
	found = thirty.differences(before, thirty.everything())
	assert not found, "\n".join(found[:60])
	isolation.forget_process_caches()
	gone = []
	for name, language, still in kept:
		try:
			still()
		except AssertionError as error:
			gone.append(f"{name} ({language}): {error}")
	assert not gone, "\n".join(gone)
