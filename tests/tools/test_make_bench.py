"""Which version a new bench gets."""

import pytest
from make_bench import Python, choose_branch, choose_python


@pytest.mark.parametrize(
	("python", "node", "branch"),
	[
		((3, 14), 24, "version-16"),
		((3, 15), 26, "version-16"),
		((3, 13), 24, "version-15"),
		((3, 14), 22, "version-15"),
		((3, 11), 20, "version-15"),
		((3, 14), None, "version-15"),
	],
)
def test_sixteen_needs_both(python, node, branch):
	assert choose_branch(python, node) == branch


def test_the_python_fits_the_branch():
	found = [Python(f"python3.{minor}", (3, minor)) for minor in (9, 11, 14)]
	assert choose_python(found, "version-16").path == "python3.14"
	assert choose_python(found, "version-15").path == "python3.11"
	assert choose_python(found[2:], "version-15").path == "python3.14", "the only one there is"
