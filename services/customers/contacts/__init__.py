"""The people to speak to at a customer's; exactly one of them is the primary."""
