"""Bodies of the commands behind `client.official_accounts`, a module for each."""
