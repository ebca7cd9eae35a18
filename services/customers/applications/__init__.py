"""Applying for a customer: a salesperson asks, a manager decides."""
