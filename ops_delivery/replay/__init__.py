"""The stand-alone replay: what would an agreement have meant for the tickets of a log? No site, no Frappe."""
