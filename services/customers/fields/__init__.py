"""The company's own fields of a customer, and the lists that it edits."""
