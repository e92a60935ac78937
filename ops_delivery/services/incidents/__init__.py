"""Major-incident reports: proposed by themselves, made of the records, completed by hand, reviewed (8.4.b.3)."""
