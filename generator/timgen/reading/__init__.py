"""From files to values that know where they stand. Nothing is judged here but whether it can be read."""
