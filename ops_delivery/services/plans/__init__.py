"""Delivery Plans and their activities (5.2, 5.3.a)."""
