"""What the words of a spec mean, wherever they are read: schemas and their keywords, patterns, names."""
