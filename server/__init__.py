"""The public process: channels, conversations and their owner, hand-off, the agents' side, demo shop and pages."""
