"""Bodies of the commands behind `client.push`, a module for each."""
