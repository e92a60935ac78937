"""The service mailboxes: mails read, threaded, filed, or kept for a person (5.3.c)."""
