"""The event feed: what happened anywhere, in one order, for those who may see it."""
