"""The recycle bin 回收站: customers that were deleted, until they are restored, registered again, or purged."""
