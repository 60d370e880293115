"""Groups, with all that belongs to them."""
