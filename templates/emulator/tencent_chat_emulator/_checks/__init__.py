"""What every call has to pass before it is carried out."""
