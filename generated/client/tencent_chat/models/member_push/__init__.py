"""Bodies of the commands behind `client.member_push`, a module for each."""
