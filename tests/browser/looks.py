"""What every page is held to: it fits its width, and a Chinese page speaks Chinese."""

import re

# Names that are the same in Chinese: products, packages, identifiers.
# "No." heads the numbers of a table in Frappe's own Chinese too.
NAMES = re.compile(
	r"ERPNext|Frappe|SLA|No\.|chinesecalendar|holidays|doc\.\w+|Asia/Shanghai|\S+@\S+|https?://\S+|ID\b"
)
WORDS = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z]+)*")

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
