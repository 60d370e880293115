"""How a call is carried out on the memory of an application."""
