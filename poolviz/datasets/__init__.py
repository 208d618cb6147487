"""Data sets: one catalogue, readers for the published formats, splits, downloads.

`load("waimai_10k")` finds the files (see `poolviz.datasets.locate`), reads and cleans the rows and
splits them; `CATALOGUE` is the table of all data sets, in which a new one is one more entry.
Files of one's own (`poolviz.datasets.own`) are read by another way, loaded when there is one.
"""

from poolviz.datasets.catalogue import CATALOGUE, dataset_title
from poolviz.datasets.corpus import Corpus, available, load
from poolviz.datasets.dataset import Dataset, PublishedFile

__all__ = ["CATALOGUE", "Corpus", "Dataset", "PublishedFile", "available", "dataset_title", "load"]
