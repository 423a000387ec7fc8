"""Waybill numbers, stage vocabularies and the reading of scan texts; the lists are data files."""
