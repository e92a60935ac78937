"""For the host's own tests: they make records of all that a type links to, and do not need what Service Agreement does."""

from ops_delivery import framework

globals().update(framework.no_test_records("Service Agreement"))
