"""Not collected: the matrix runs this to see that the next run takes away what an interrupted one left."""

import os
import signal

import factories
import frappe
import pytest


@pytest.mark.committed
def test_a_run_that_is_killed_leaves_records(site):
	factories.make_customer()
	factories.make("DocType", name=factories.unique("Left Behind"), module="Custom", custom=1, permissions=[])
	frappe.db.commit()
	os.kill(os.getpid(), signal.SIGKILL)
