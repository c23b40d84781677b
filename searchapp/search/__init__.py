"""Floor 3: engine-neutral values of searching: request, result, facets, snippets."""
