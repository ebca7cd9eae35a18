"""Customers that belong to a parent customer, and what a group comes to together."""
