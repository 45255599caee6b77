"""Chats that can be subscribed: how the address of each is read, one service one file."""
