"""The command line: a module a command, what they share in `shared`, what they show in `reporting`."""
