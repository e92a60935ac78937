"""Knowledge: articles drafted from records, reviewed, published, suggested, and counted where they help (5.3.f, 8.4.a.2)."""
