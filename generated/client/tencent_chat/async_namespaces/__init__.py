"""The attributes of a client: one class for the commands of one subject."""
