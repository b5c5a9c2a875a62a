"""Counter services: each asked for with its price of the book, charged, paid at the window, and delivered once.

A service is charged to an account: what a person without one asks for (a tanker, a first connection) goes to the
account that will pay it, and the paper says for whom and where it is.
"""
