"""When each customer is due to be contacted next, and why."""
