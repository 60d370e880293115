"""Bodies of the commands behind `client.groups`, a module for each."""
