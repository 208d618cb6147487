from poolviz.api import Comparison as Comparison
from poolviz.api import PairComparison as PairComparison
from poolviz.api import explain as explain
from poolviz.api import explain_pair as explain_pair
from poolviz.api import list_datasets as list_datasets
from poolviz.api import list_heads as list_heads
from poolviz.api import load as load
from poolviz.version import __version__ as __version__
