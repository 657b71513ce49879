"""Other people's formats and readable files: pure, text or bytes in, values out."""
