"""The totals of one day: of the company, of each branch and by person."""
