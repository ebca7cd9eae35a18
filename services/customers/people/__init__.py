"""Who is who: the few things this service keeps of branches and staff."""
