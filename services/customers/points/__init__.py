"""What customers earn by deals, visits and bringing others, and what they spend (积分); there only by a setting."""
