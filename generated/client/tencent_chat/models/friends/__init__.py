"""Bodies of the commands behind `client.friends`, a module for each."""
