"""A person's data is erased: what was said of them is forgotten, what was agreed and booked stays."""
