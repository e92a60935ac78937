"""What the domain hands out are values: nobody who was given one can change it for the others who have it.

What it takes notes on while it works (a leading underscore) is its own.
"""

import dataclasses
import importlib
import pkgutil

import pytest

from ops_delivery import domain

DATACLASSES = sorted(
	{
		one
		for module in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}.")
		for one in vars(importlib.import_module(module.name)).values()
		if isinstance(one, type) and dataclasses.is_dataclass(one) and not one.__name__.startswith("_")
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
