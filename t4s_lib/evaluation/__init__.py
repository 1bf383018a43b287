"""What a model is worth: metrics, runs that survive, the published tables."""
