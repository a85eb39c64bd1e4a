"""Trains the encoder that ships in models/encoder: masked LM, then contrastive pairs. Run as a module."""
