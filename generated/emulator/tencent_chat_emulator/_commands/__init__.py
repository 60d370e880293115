"""How commands are carried out: a folder for each domain, and every module in it registers what it knows."""
