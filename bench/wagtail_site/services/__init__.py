"""The one application of the rival site."""
