"""Players that look ahead: they imagine what is hidden from them and play it out."""
