"""What commands share: options, output streams, a game told and played in the terminal."""
