"""Topics and permission groups of communities: how their commands are carried out."""
