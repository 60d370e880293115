"""The HTTP server, and the control endpoints."""
