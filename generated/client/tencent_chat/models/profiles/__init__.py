"""Bodies of the commands behind `client.profiles`, a module for each."""
