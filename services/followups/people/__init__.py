"""Who is who: the few things this service keeps of branches, staff, customers and merged customers."""
