"""The press on loopback: simulated outlets, an inbox and a receiver."""
