"""Bodies of the commands behind `client.calls`, a module for each."""
