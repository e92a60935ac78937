"""Improvement actions: what went wrong, why, what is done, whether it helped (5.5.b, 5.5.c, 5.5.f)."""
