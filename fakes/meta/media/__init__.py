"""Media: what a file is, what Meta takes, and the store behind ids and addresses that expire."""
