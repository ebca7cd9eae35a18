"""Words that people put on customers."""
