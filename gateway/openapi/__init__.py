"""The one OpenAPI document for everything behind this door."""
