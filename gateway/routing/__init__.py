"""Which service a request goes to, and taking it there."""
