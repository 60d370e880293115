"""From the model to the text of every file of the output."""
