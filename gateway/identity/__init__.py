"""Branches, departments, teams and staff; which role may do what, and how far it sees."""
