"""Reveals: who has read which customer's whole phone, and what for."""
