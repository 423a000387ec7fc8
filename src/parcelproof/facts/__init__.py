"""Facts of a shipment, one SQL file a table."""
