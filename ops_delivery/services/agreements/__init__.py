"""Service Agreements: found, complete, in force, renewed, ended (5.2, 6.3.a-c)."""
