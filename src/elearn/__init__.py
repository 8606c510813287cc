"""elearn: self-hosted e-learning for civil servants."""

__version__ = "0.1.0"
