"""Entities of a message: strict rules for numbers and days, dictionaries, and a sequence tagger for what only context tells."""
