"""What a client and a call can be given, checked."""
