"""Bodies of the commands behind `client.accounts`, a module for each."""
