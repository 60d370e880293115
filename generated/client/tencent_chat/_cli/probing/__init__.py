"""The way to the service, step by step, for `doctor`."""
