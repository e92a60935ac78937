"""What every room uses and no record type knows: time and language, files, links, numbers, limits, events."""
