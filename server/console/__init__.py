"""The agents' side: sign-in, the queue, the context packet, and live events. Thin, as the channels are."""
