"""One customer as all services together know them (360°)."""
