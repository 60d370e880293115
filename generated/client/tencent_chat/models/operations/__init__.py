"""Bodies of the commands behind `client.operations`, a module for each."""
