"""Bodies of the commands behind `client.desk`, a module for each."""
