"""Correcting a deal's signing or amount: asked for by one person, signed or refused by another."""
