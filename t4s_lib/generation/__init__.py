"""How a model writes a mask: greedily, held to a grammar, with drafts, in batches."""
