"""Bodies of the commands behind `client.topics`, a module for each."""
