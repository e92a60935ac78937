"""The report for people: one self-contained HTML page made for A4, or the same as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ops_delivery.replay.engine import Result
from ops_delivery.replay.errors import InputError
from ops_delivery.replay.report import Report


def render(result: Result, language: str = "en", other: Result | None = None, other_name: str = "") -> str:
	"""The report as one HTML page without outside references; everything from the log is escaped."""
	from jinja2 import Environment, PackageLoader, StrictUndefined

	environment = Environment(
		loader=PackageLoader("ops_delivery.replay"),
		autoescape=True,
		undefined=StrictUndefined,
		trim_blocks=True,
		lstrip_blocks=True,
	)
	return environment.get_template("report.html").render(
		Report(result, language, other, other_name).context()
	)


def write(
	path: str, result: Result, language: str, other: Result | None = None, other_name: str = ""
) -> None:
	"""The report as HTML or, where the name ends in .pdf, as PDF. InputError if WeasyPrint is not there or it cannot be written."""
	html = render(result, language, other, other_name)
	try:
		if path.lower().endswith(".pdf"):
			_weasyprint().HTML(string=html, base_url=None, url_fetcher=_no_fetch).write_pdf(path)
		else:
			Path(path).write_text(html, encoding="utf-8")
	except OSError as error:
		raise InputError(path, f"cannot be written ({error.strerror or error})")


def check_pdf() -> None:
	"""InputError if PDF cannot be made here, so that it is said before the work is done."""
	_weasyprint()


def _weasyprint() -> Any:
	try:
		import weasyprint
	except (ImportError, OSError) as error:
		raise InputError(
			"--report", f'a PDF needs WeasyPrint: pip install "ops_delivery[pdf]", or write .html ({error})'
		)
	return weasyprint


def _no_fetch(url: str, *args: Any, **kwargs: Any) -> Any:
	raise ValueError(f"the report loads nothing from outside: {url}")
