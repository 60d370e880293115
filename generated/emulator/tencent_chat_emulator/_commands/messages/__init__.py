"""One-to-one messages and conversations: how their commands are carried out."""
