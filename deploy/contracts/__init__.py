"""What other systems may rely on, written from the code: one example per event and version, AsyncAPI, OpenAPI."""
