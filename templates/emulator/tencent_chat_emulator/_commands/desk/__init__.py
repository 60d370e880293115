"""The desk product: how its commands are carried out."""
