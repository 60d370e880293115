"""Bodies of the commands behind `client.conversations`, a module for each."""
