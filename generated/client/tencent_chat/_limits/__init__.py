"""Keeping calls below the documented rate limits."""
