"""Calls back: signed, in order, and obeyed."""
