"""Live rooms: the rooms, members, metadata, messages and battles."""
