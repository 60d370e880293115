"""A call and its life: what prepares, sends, repeats and answers it."""
