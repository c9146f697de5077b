"""Finding terms in texts, with the word boundaries and inflections of four languages."""
