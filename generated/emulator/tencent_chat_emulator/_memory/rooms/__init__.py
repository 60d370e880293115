"""Rooms of Live and Room, and calls of CallKit."""
