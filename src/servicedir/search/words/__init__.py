"""Words that ship with the search: what people say, and under what it stands; read by servicedir.search.everyday."""
