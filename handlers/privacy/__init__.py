"""What people are told about their data, see of it, take along, object to and delete."""
