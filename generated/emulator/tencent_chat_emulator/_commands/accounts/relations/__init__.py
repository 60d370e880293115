"""Friends, friend lists, blocklists and follows: how their commands are carried out."""
