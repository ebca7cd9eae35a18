"""How many phones one person may have revealed in a day."""

DAILY_LIMIT = 50
"""Of the product's own, for every branch: enough for a day's work, too little to carry off a branch's customers."""


class RevealLimitReached(Exception):
    """The asker has had as many phones revealed today as one may in a day."""

    limit = DAILY_LIMIT
