"""Whether a spec that was read is one: its form, and every rule about what it says."""
