"""Searches: customers by any combination of conditions, and such questions saved under a name."""
