"""Vendored copies: the client's package in a folder of somebody's project, whole or pruned, kept up to date.

`selection` reads what is wanted, `pruning` reduces the model to it, `parts` says which files stay away, `record` is
what a copy knows of itself, `making` makes its files, `copy` compares and writes them.
"""
