"""The sample catalogue: readable files, drawn from two council inquiries and the LeiKa."""
