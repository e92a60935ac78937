"""What is ours on this site: whose rule holds for an Issue, which types are measured, whose contact a record names."""
