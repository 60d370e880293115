"""Calls that go on, and records of those that have ended."""
