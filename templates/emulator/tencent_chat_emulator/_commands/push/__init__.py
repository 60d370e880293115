"""Push: how their commands are carried out."""
