"""What people have found out about two customers: of one family, the same person, or not."""
