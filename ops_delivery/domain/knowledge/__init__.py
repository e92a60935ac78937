"""Knowledge: texts without personal data, and the life of an article (5.3.f, 8.4.a.2)."""
