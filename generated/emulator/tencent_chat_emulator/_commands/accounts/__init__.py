"""Accounts, profiles, friends, follows, robots: how their commands are carried out."""
