"""Bodies of the commands behind `client.live_groups`, a module for each."""
