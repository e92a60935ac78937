"""Completes the set-up wizard of a site. Run by the bench's Python from sites/: complete_setup.py SITE JSON"""

import json
import sys
from datetime import date

import frappe
from frappe.desk.page.setup_wizard.setup_wizard import setup_complete


def main(site: str, company: dict) -> None:
	frappe.init(site=site)
	frappe.connect()
	frappe.set_user("Administrator")
	year = date.today().year
	setup_complete(
		{
			**company,
			"fy_start_date": f"{year}-01-01",
			"fy_end_date": f"{year}-12-31",
			"chart_of_accounts": "Standard",
			"bank_account": "Bank",
			"enable_telemetry": 0,
		}
	)
	frappe.db.set_single_value("System Settings", "enable_onboarding", 0)
	frappe.db.commit()
	frappe.destroy()


if __name__ == "__main__":
	main(sys.argv[1], json.loads(sys.argv[2]))
