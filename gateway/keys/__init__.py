"""API keys: how other systems are let in, for what, and how far."""
