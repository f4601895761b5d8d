"""What the printed rulebook and the window draw with: icons now, fonts and the map later; each with its licence."""
