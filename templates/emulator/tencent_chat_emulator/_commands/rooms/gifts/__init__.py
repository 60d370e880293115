"""Gifts of live rooms, their categories, and sending them."""
