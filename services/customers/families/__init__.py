"""Who is family of whom (一.5): asked for by anybody, confirmed by a manager."""
