"""Customers who may be one: a list that a person decides."""
