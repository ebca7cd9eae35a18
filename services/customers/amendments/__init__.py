"""Changes of what is registered 修改: asked for by one, signed or refused by another (一.3)."""
