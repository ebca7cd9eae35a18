"""Erasing all that says who a customer is, on request: what is left is that there was one."""
