"""A visit as its engineer has it in hand."""


def open_visit(open_page, doc, user: str, password: str, **options):
	"""The page of a Field Service Sheet at a phone's size; options are those of open_page."""
	return open_page(
		f"/app/field-service-sheet/{doc.name}", user=user, password=password, width=390, height=844, **options
	)
