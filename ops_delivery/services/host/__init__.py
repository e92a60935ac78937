"""How we sit in the host: its words, its connections, what a choice of switches means."""
