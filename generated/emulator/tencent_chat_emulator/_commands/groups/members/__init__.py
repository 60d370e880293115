"""Members of groups: how their commands are carried out."""
