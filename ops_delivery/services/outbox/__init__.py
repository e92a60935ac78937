"""The outbox: at each key point both sides are told, later and surely (5.3.c, 6.3.f)."""
