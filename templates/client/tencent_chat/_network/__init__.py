"""Requests over HTTP, and what may become of them."""
