"""Groups and what belongs to them: how their commands are carried out."""
