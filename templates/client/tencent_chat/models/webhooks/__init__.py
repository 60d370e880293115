"""Bodies of the webhooks, a module for each."""
