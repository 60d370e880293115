"""Official accounts: how their commands are carried out."""
