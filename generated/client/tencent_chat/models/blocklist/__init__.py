"""Bodies of the commands behind `client.blocklist`, a module for each."""
