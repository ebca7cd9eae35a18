"""Finding 检索: which customers a person means by what they type."""
