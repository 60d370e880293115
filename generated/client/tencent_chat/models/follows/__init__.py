"""Bodies of the commands behind `client.follows`, a module for each."""
