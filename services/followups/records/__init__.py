"""What was said and agreed with a customer, written once and never edited."""
