"""What the printed rulebook and the window draw with: icons, fonts, the map; each with its licence beside it."""
