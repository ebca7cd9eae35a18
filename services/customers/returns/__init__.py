"""Back to the pool by itself: customers with whom nobody has been in contact for long, after a warning."""
