"""One index for finding records by their words, Chinese and Latin, whatever their type (5.3.f)."""
