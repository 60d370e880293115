"""Bodies of the commands behind `client.seats`, a module for each."""
