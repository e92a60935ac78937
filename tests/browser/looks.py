"""What every page is held to: it fits its width, a Chinese page speaks Chinese, WCAG 2.2 AA, a small weight.

`page_is_right(page, "zh", *data)` looks at a page of the customer's at both widths; see test_portal_pages.py.
"""

import importlib.util
import re
from pathlib import Path

import pytest

# Names that are the same in Chinese: products, packages, identifiers.
# "No." heads the numbers of a table in Frappe's own Chinese too.
NAMES = re.compile(
	r"ERPNext|Frappe|SLA|PDF|MB\b|\b[0-9a-f]{16}(?=…)|No\.|chinesecalendar|holidays|doc\.\w+|Asia/Shanghai|\S+@\S+|https?://\S+|ID\b"
)
WORDS = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z]+)*")

# A dialog that asks: a message that follows the answer is a dialog of its own, and may stand before this one has gone.
ASKING = ".modal.show:not(:has(.msgprint))"

# The texts that are seen. Frappe hides a field's name and hints of its own in some corners.
READ = """roots => roots.flatMap(root => {
	const seen = element => element.checkVisibility({visibilityProperty: true})
		&& !element.closest(".tooltip-content, .visually-hidden, .awesomplete > ul");
	const texts = [];
	const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) if (seen(walker.currentNode.parentElement)) texts.push(walker.currentNode.data);
	for (const element of root.querySelectorAll("[placeholder], [aria-label], [title]")) {
		if (!seen(element)) continue;
		texts.push(element.placeholder || "", element.getAttribute("aria-label") || "");
		if (!/^[a-z_]+$/.test(element.title || "")) texts.push(element.title || "");
	}
	return texts;
})"""


STILL = """() => document.getAnimations().every(one =>
	one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity)"""


def still(page) -> None:
	"""Wait until what fades or slides in has come."""
	page.wait_for_function(STILL)


SETTLED = """() => {
	if (!window.ops_last) {
		const moved = () => (window.ops_last = performance.now());
		moved();
		const all = {subtree: true, childList: true, attributes: true, characterData: true};
		new MutationObserver(moved).observe(document.documentElement, all);
		document.addEventListener("scroll", moved, true);
	}
	const moves = document.getAnimations().some(one =>
		one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity);
	if (moves || window.frappe?.request?.ajax_count) ops_last = performance.now();
	return performance.now() - ops_last > 600;
}"""


def settled(page) -> None:
	"""Wait until a page of the desk has come to rest: every question answered, nothing moving, and neither drawn nor
	scrolled for longer than Frappe and we put anything off (half a second)."""
	page.wait_for_function(SETTLED)


def left(page) -> None:
	"""Wait until a dialog is gone and what its answer sends, if anything, has been answered."""
	page.wait_for_function("() => !document.querySelector('.modal.show, .modal-backdrop') && !frappe.request.ajax_count")


def fits(page) -> None:
	"""Nothing of the page reaches beyond its right edge."""
	width = page.viewport_size["width"]
	assert page.evaluate("document.documentElement.scrollWidth") <= width


def english_in(text: str, *data: str) -> list[str]:
	"""English words of a text, apart from names and from what the test itself typed in."""
	for known in sorted(filter(None, data), key=len, reverse=True):
		text = text.replace(known, " ")
	return WORDS.findall(NAMES.sub(" ", text))


def speaks_chinese(locator, *data: str) -> None:
	"""All texts that are seen within an element, placeholders and labels for the blind included."""
	texts = locator.evaluate_all(READ)
	assert texts, "there is nothing to read"
	assert re.search("[\u4e00-\u9fff]", "".join(texts)), "no Chinese at all"
	found = [words for text in texts for words in english_in(text, *data)]
	assert not found, f"English in the Chinese page: {found}"


AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OWN = ".ops-portal"
WIDTHS = (1440, 390)
MOST_BYTES = 200_000
# what we load: our files, and our part of the page itself; Frappe's own parts are the site's
WEIGHT = """async own => {
	let sum = new TextEncoder().encode(document.querySelector(own).outerHTML).length;
	for (const { name } of performance.getEntriesByType("resource")) {
		if (name.includes("/assets/ops_delivery/")) sum += (await (await fetch(name)).arrayBuffer()).byteLength;
	}
	return sum;
}"""


def axe() -> str:
	"""The source of axe-core, which the package axe-playwright-python carries."""
	found = importlib.util.find_spec("axe_playwright_python")
	if not found:
		pytest.skip("axe-core is not installed (pip: axe-playwright-python)")
	return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text()


def accessible(page, within: str = OWN) -> None:
	"""No violation of WCAG 2.2 A or AA that axe-core finds within a part of the page."""
	if not page.evaluate("Boolean(window.axe)"):
		page.evaluate(axe())
	found = page.evaluate(
		"([within, tags]) => axe.run(within, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations', 'incomplete']})",
		[within, AA],
	)
	wrong = [
		f"{row['id']} ({row['help']}): {node['target']} {node['failureSummary']}"
		for row in found["violations"]
		for node in row["nodes"]
	]
	# a text in the very colour of its background axe-core calls undecided; nobody can read it
	wrong += [
		f"{row['id']}: {node['target']} has the colour of its background"
		for row in found["incomplete"]
		for node in row["nodes"]
		for check in node["any"]
		if (check.get("data") or {}).get("messageKey") == "equalRatio"
	]
	assert not wrong, f"{page.url}\n" + "\n".join(wrong)


def weight(page) -> int:
	"""The bytes of ours a page needs, uncompressed."""
	return page.evaluate(WEIGHT, OWN)


def page_is_right(page, language: str, *data: str) -> None:
	"""A page of the customer's at both widths. `data`: what the test typed in and may stand there in any language."""
	for width in WIDTHS:
		page.set_viewport_size({"width": width, "height": 900})
		fits(page)
		accessible(page)
	assert weight(page) < MOST_BYTES, page.url
	if language == "zh":
		page.evaluate("document.querySelectorAll('.ops-paper').forEach(paper => paper.remove())")
		speaks_chinese(page.locator(OWN), *data)
		assert not english_in(page.title(), *data), page.title()


def until_dialog_stands(page) -> None:
	"""The message's dialog has come to rest: Bootstrap hears no closing while it moves."""
	page.wait_for_function("frappe.msg_dialog && !frappe.msg_dialog.$wrapper.data('bs.modal')._isTransitioning")
