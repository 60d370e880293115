"""Live, Room and CallKit: how their commands are carried out."""
