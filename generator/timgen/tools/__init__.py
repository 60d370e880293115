"""What looks at a finished model and is no part of making the output."""
