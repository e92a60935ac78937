"""Settings of the property tests: a busy machine is no reason to fail one."""

from hypothesis import settings

settings.register_profile("domain", deadline=None)
settings.load_profile("domain")
