"""Bodies of the commands behind `client.gifts`, a module for each."""
