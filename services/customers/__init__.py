"""Customers: the register, the file, who owns whom."""
