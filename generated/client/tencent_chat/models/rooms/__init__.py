"""Bodies of the commands behind `client.rooms`, a module for each."""
