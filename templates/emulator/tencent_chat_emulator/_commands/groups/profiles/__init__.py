"""Groups as a whole, their profiles and lists of them: how their commands are carried out."""
