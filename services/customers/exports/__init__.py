"""Customers going out as .xlsx: by role, which fields, whose customers and how many; every time on record."""
