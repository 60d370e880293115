"""Bodies of the commands behind `client.messages`, a module for each."""
