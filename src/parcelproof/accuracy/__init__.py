"""How often the judge is right, and a bound on how often it accuses the innocent; exact, for any number of labels."""

from parcelproof.accuracy.labels import read_labels
from parcelproof.accuracy.measure import bound_of, measure
from parcelproof.accuracy.sampling import audit_sample
from parcelproof.accuracy.telling import bound_line, told
from parcelproof.accuracy.thresholds import thresholds, thresholds_told

__all__ = ["audit_sample", "bound_line", "bound_of", "measure", "read_labels", "thresholds", "thresholds_told", "told"]
