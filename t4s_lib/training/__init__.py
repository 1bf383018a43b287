"""How it learns: recipes, rows for trl, LoRA, checkpoints, and what they will cost."""
