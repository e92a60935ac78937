"""Whether the engine keeps up, and what it stands on (5.4.a)."""
