"""Bodies of the commands behind `client.live_rooms`, a module for each."""
