"""Bodies of the commands behind `client.permission_groups`, a module for each."""
