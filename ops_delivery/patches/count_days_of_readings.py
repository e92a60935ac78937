"""Count the days of the readings that are there, by which trends are drawn. It may run twice."""

from ops_delivery.services.routine import reading_days


def execute():
	reading_days.rebuild()
