"""Bodies of the commands behind `client.bots`, a module for each."""
