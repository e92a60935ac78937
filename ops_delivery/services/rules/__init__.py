"""What administrators edit and the engine reads: calendars, policies, priorities, conditions, and their frozen versions (6.3.b)."""
