"""What the domain hands out are values: nobody who was given one can change it for the others who have it."""

import dataclasses
import importlib
import pkgutil

import pytest

from ops_delivery import domain

MADE_STEP_BY_STEP = {"_Report"}  # what a mail server said, while its parts are read; a Bounce comes of it
DATACLASSES = sorted(
	{
		one
		for module in pkgutil.iter_modules(domain.__path__)
		for one in vars(importlib.import_module(f"{domain.__name__}.{module.name}")).values()
		if isinstance(one, type) and dataclasses.is_dataclass(one) and one.__name__ not in MADE_STEP_BY_STEP
	},
	key=lambda one: (one.__module__, one.__name__),
)


@pytest.mark.parametrize("kind", DATACLASSES, ids=lambda one: f"{one.__module__.rpartition('.')[2]}.{one.__name__}")
def test_a_value_cannot_be_changed(kind):
	value = object.__new__(kind)
	for field in dataclasses.fields(kind):
		with pytest.raises(dataclasses.FrozenInstanceError):
			setattr(value, field.name, None)


def test_there_are_values():
	assert len(DATACLASSES) > 60
