"""Who is at the door: signing in and out, and telling from a request who asks."""
