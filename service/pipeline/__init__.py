"""One item on its way from source to verdict."""
