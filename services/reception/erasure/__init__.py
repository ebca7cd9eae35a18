"""A person's data is erased: who the visitor was is forgotten, that they came and who served them stays."""
