"""What a service manager hears from a daemon."""

import socket


def heard(systemd: socket.socket) -> list[str]:
    """Return every word that has arrived; the socket must not wait for more."""
    words = []
    while True:
        try:
            words.append(systemd.recv(100).decode())
        except BlockingIOError:
            return words
