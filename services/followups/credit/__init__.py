"""Whose a deal is: the credit ledger, to the cent and explained line by line."""
