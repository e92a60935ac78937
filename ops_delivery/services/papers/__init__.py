"""What stands on papers, and how Frappe prints them (8.3-8.6)."""
