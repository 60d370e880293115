"""From texts to files: what is there is compared with what should be, and replaced as a whole."""
