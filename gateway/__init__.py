"""The one door for all branches: who asks, where a request goes, and what happened. It holds no business rule."""
