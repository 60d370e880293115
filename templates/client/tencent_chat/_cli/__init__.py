"""The command line for operators; `main` puts it together, each other verb has a module."""
