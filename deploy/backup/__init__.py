"""Backup and restore of the whole system as one file: every database at one moment, the keys, and what the folder says.

The moment is one for all databases: no reader holds an event that its announcer does not have. What was between them,
in the broker, is not in the file; a restore gives it to its readers again from the outboxes.
"""
