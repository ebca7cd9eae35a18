"""Sheets coming in: the follow-up sheet as .xlsx or .csv, row by row, none lost and none invented."""
