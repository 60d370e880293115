"""Bodies of the commands behind `client.moderation`, a module for each."""
