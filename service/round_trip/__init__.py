"""The way back: translations translated back blindly, probed, and answered by a solver."""
