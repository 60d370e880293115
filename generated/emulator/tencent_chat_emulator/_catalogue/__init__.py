"""The spec as the emulator asks it: JSON files in `catalogue/`, read when they are first needed."""
