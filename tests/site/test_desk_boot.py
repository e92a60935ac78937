"""A good guest: a desk page carries one small file of ours; the rest is fetched where it is used."""

import re
from pathlib import Path

import factories
import frappe
import improving
import pytest
import scenario
from frappe.desk.form.meta import FormMeta
from frappe.sessions import get as get_boot
from frappe.utils import set_request
from test_guest_cost import forget_all_use

from ops_delivery import hooks
from ops_delivery.permissions import switches
from ops_delivery.services.administration import desk_boot

PUBLIC = Path(frappe.get_app_path("ops_delivery")) / "public"


@pytest.fixture
def unused(as_installed):
	forget_all_use()
	for doctype in desk_boot.MADE:
		frappe.db.delete(doctype)
	yield
	switches.forget()


def told() -> dict:
	set_request(method="GET", path="/app")
	return get_boot()["ops_delivery"]


def test_a_desk_page_carries_one_small_file():
	(address,) = hooks.app_include_js
	assert (PUBLIC / address.removeprefix("/assets/ops_delivery/")).stat().st_size < 4096
	assert not hasattr(hooks, "app_include_css")


def test_the_form_of_an_issue_comes_without_our_scripts():
	assert "ops_delivery" not in FormMeta("Issue").get("__js")


def test_nothing_is_in_use_until_something_was_made(unused):
	assert not told()["in_use"]
	improving.action()
	assert told()["in_use"]


def test_an_agreement_is_use(unused):
	scenario.agreement()
	assert told()["in_use"]


def test_every_form_of_ours_is_named():
	kept = frappe.get_all("DocType", {"module": desk_boot.MODULE, "istable": 0}, pluck="name")
	assert sorted(kept) == list(desk_boot.form_names())


@pytest.mark.parametrize("bundle", desk_boot.SCRIPTS.values())
def test_a_bundle_that_is_not_built_is_named_by_its_sources(bundle, monkeypatch):
	monkeypatch.setattr(frappe.utils, "get_assets_json", lambda: {bundle: "/assets/ops_delivery/dist/js/of-another.js"})
	found = desk_boot.script_addresses(bundle)
	assert len(found) > 5
	for address in found:
		assert (PUBLIC / re.fullmatch(r"/assets/ops_delivery/(.+)\?v=\d+", address)[1]).exists()


def test_every_script_is_in_a_bundle_or_named_elsewhere():
	"""A file that nothing loads is forgotten."""
	bundled = {source for bundle in desk_boot.SCRIPTS.values() for source in desk_boot.sources(bundle)}
	named = str([hooks.doctype_js, hooks.doctype_list_js, hooks.page_js, hooks.app_include_js, desk_boot.LIGHT, desk_boot.WIDGETS, desk_boot.NAMES])
	forms = Path(frappe.get_app_path("ops_delivery", "ops_delivery"))
	including = [*forms.glob("doctype/*/*_calendar.js"), *forms.glob("report/*/*.js")]
	named += "".join(path.read_text(encoding="utf-8") for path in including)
	for path in (PUBLIC / "js").rglob("*.js"):
		name = path.relative_to(PUBLIC / "js").as_posix()
		if name.startswith(("ops-", "ops_")) or name.startswith("configuration/"):
			continue  # the customer's pages, bundles, and what their forms include
		assert name in bundled or f"js/{name}" in named, name


def test_names_of_people_come_without_markup(site):
	"""Frappe's formatter of links puts what it is given into the page as it is, where the reader may not open users."""
	users = [factories.make_user(roles=["Field Engineer"]).name for _number in range(2)]
	for user, name in zip(users, ("<a href='//x'>Li</a> & <img src=//x", "Wang & Söhne"), strict=True):
		frappe.db.set_value("User", user, "full_name", name)
	found = desk_boot.people()
	assert not {"<", ">"} & set(found[users[0]]) and found[users[0]].startswith("Li &")
	assert found[users[1]] == "Wang & Söhne"
