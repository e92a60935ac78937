"""Amounts in words as papers have them beside the figures, in the reader's language (5.2)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import frappe
from frappe.utils import cstr, flt, money_in_words

from ops_delivery.domain.chinese_numbers import MOST, renminbi

YUAN = "CNY"
FEN = Decimal("0.01")


def in_words(amount: Any, currency: str | None) -> str:
	"""An amount in words: yuan below 10^12 in Chinese as 人民币…元整, all others as Frappe writes them. DomainError for less than
	nothing of yuan."""
	exact = Decimal(str(flt(amount))).quantize(FEN, ROUND_HALF_UP)
	if currency == YUAN and exact < MOST and cstr(frappe.local.lang).startswith("zh"):
		return "人民币" + renminbi(exact)
	return money_in_words(flt(amount), currency) or ""
