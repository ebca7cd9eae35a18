"""What every service stands on: events, bus, database, web, identity. It knows nothing of the business."""
