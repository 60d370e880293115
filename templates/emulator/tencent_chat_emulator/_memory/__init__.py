"""What an application remembers: plain data, a module for each domain."""
