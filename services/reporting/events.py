"""The facts that reporting announces: none. It only listens."""
