"""Tests in a real Chromium against a web server of the test site, started by `./test browser` from the bench's sites/.

Fixtures: open_page, server, site and records. Screenshots go to artifacts/, one of every page of a failed test too.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "site"))

import factories as site_factories
import frappe
import isolation
from workers import pytest_collection_modifyitems, pytest_sessionfinish, pytest_sessionstart, site_of_process

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

SITE = site_of_process()
ADMIN_PASSWORD = os.environ.get("OPS_TEST_ADMIN_PASSWORD", "admin")
PASSWORD = "Wind-turbine-62"  # of the users that tests make
CHECKOUT = Path(__file__).parent.parent.parent
ARTIFACTS = CHECKOUT / "artifacts"
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
# No socket.io server runs here, so the desk's attempts to reach one are no errors of ours.
# Frappe draws the line of a chart without a point by an empty path, and a bar of no width where the page is left meanwhile.
EXPECTED_ERRORS = re.compile(
	r"socket\.io|ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|<path> attribute d: Unexpected end of attribute"
	r"|<rect> attribute width: A negative value is not valid.*/assets/frappe/dist/js/desk\.bundle"
)


@pytest.fixture(scope="session")
def server():
	"""The address of a web server for the site, assets included."""
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		port = probe.getsockname()[1]
	ARTIFACTS.mkdir(exist_ok=True)
	isolation.switch_on(SITE)
	command = [sys.executable, str(CHECKOUT / "tools" / "on_site.py"), SITE, "web", "127.0.0.1", str(port)]
	server_log = ARTIFACTS / f"server-{SITE}.log"
	with server_log.open("w") as log:
		process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
	address = f"http://127.0.0.1:{port}"
	try:
		wait_until_up(f"{address}/api/method/ping", process, server_log)
		yield address
	finally:
		process.terminate()
		process.wait(20)


def wait_until_up(address: str, process, server_log: Path, seconds: float = 90) -> None:
	end = time.monotonic() + seconds
	while time.monotonic() < end and process.poll() is None:
		with suppress(OSError), urllib.request.urlopen(address, timeout=30):
			return
		time.sleep(0.5)
	pytest.fail(f"the web server did not start, see {server_log}")


@pytest.fixture(scope="session")
def chromium():
	path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
	if not path:
		pytest.skip("no Chromium found")
	with sync_api.sync_playwright() as playwright:
		browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS, ignore_default_args=["--disable-back-forward-cache"])
		yield browser
		browser.close()


@pytest.fixture
def site():
	"""The site, opened here as Administrator. Commit what the browser should see; commit also to see what it did.

	What is inserted here is deleted after the test, what the browser inserts stays.
	"""
	with isolation.really_committed(SITE), isolation.collected_jobs():
		yield SITE


@pytest.fixture
def records(site):
	"""The factories of the site tests. records.make_user(new_password=PASSWORD) can log in."""
	return site_factories


@pytest.fixture
def open_page(request, server, chromium, site):
	"""open_page(path, user=…, password=…, width=…, height=…, language="en"|"zh", zone=…) → a Playwright page.

	The page has collected errors in page.errors, and they fail the test in the end; page.shoot(name) takes a
	screenshot. Without a user the page is a guest's. A user's language is set on the user.
	"""
	contexts, pages, languages = [], [], {}

	def open_page(path="/app", *, user=None, password=None, width=1440, height=900, language="en", zone=None):
		context = chromium.new_context(
			base_url=server,
			viewport={"width": width, "height": height},
			locale=LOCALES[language],
			timezone_id=zone,
		)
		context.set_default_timeout(30_000)
		context.grant_permissions(["clipboard-read", "clipboard-write"])  # a browser with a window does so for who clicks
		contexts.append(context)
		if user:
			languages.setdefault(user, frappe.db.get_value("User", user, "language"))
			speak(user, language)
			log_in(context, user, password)
		page = context.new_page()
		pages.append(page)
		watch(page)
		page.shoot = lambda name: shoot(request, page, name)
		page.goto(path)
		return page

	yield open_page

	failed = getattr(request.node, "report", None) and request.node.report.failed
	errors = [error for page in pages for error in page.errors]
	for number, page in enumerate(pages):
		if failed or errors:
			shoot(request, page, f"failed-{number}")
			tell_what_it_said(page)
	for context in contexts:
		context.close()
	for user, language in languages.items():
		speak(user, language)
	assert not errors, "errors in the browser:\n" + "\n".join(errors)


def tell_what_it_said(page) -> None:
	"""Print what stands in a failed test's dialogs and what the server logged: a screenshot stays where it was taken."""
	print(f"At {page.url}:")
	for dialog in page.locator(".modal.show").all():
		print("a dialog:", " / ".join(dialog.inner_text().split("\n")))
	frappe.db.rollback()
	for row in frappe.get_all("Error Log", ["creation", "method", "error"], limit=3, order_by="creation desc"):
		print(f"Error Log {row.creation}: {row.method}\n{row.error[-1500:]}")


def speak(user: str, language: str | None) -> None:
	frappe.db.set_value("User", user, "language", language)
	frappe.db.commit()
	frappe.clear_cache(user=user)


def log_in(context, user: str, password: str | None) -> None:
	password = password or (ADMIN_PASSWORD if user == "Administrator" else PASSWORD)
	response = context.request.post("/api/method/login", form={"usr": user, "pwd": password})
	assert response.ok, f"{user} cannot log in: {response.status} {response.text()[:300]}"


def watch(page) -> None:
	page.errors = []

	def note(text: str) -> None:
		if not EXPECTED_ERRORS.search(text):
			page.errors.append(text)

	page.on("pageerror", lambda error: note(f"{page.url}: {error}{_place(error)}"))
	page.on(
		"console",
		lambda m: note(f"{page.url}: {m.text} ({m.location.get('url')})") if m.type == "error" else None,
	)


def _place(error) -> str:
	"""The file in which an error of a page arose."""
	found = re.search(r"https?://\S+\.js", error.stack or "")
	return f" ({found.group()})" if found else ""


def shoot(request, page, name: str) -> Path:
	test = re.sub(r"[^\w-]+", "-", request.node.name).strip("-")
	path = ARTIFACTS / f"{test}-{name}.png"
	page.screenshot(path=path)
	return path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
	report = yield
	if call.when == "call":
		item.report = report
	return report
