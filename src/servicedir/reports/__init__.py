"""Questions of the council and their answers: pure, from what the directory knew to pages, papers and files."""
