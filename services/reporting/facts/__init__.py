"""What happened, as the events of the other services said it: nothing here is decided, only kept."""
