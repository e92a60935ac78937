"""What machines send: readings in many lines, and alerts; read strictly, line by line."""
