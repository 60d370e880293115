"""Moderation: blocked words, what is judged by them, and banned files."""
