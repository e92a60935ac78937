"""Reviews and signatures of documents, and the one guard of their phases (5.2.i, 6.4.b, 6.5.c)."""
