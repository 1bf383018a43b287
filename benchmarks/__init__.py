"""What ``make bench`` runs; every figure is a ratio measured side by side."""
