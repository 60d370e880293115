"""From arguments to JSON on the wire, and back to objects."""
