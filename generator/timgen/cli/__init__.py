"""The command line: `commands`, what they share in `shared`, what they show in `reporting`."""
