import os

import frappe
import pytest


@pytest.fixture(scope="session", autouse=True)
def site():
	frappe.init(site=os.environ.get("OPS_TEST_SITE", "ops-test.localhost"))
	frappe.connect()
	yield
	frappe.destroy()
