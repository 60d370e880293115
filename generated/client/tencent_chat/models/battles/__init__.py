"""Bodies of the commands behind `client.battles`, a module for each."""
