"""The ways in for shoppers. Thin: parse, call the service, serialise."""
