"""The pool 公海: customers without an owner, drawn by lot in batches."""
