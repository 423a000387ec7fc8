"""The HTML report and the story of one shipment."""
