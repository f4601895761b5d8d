"""What happened and how things stand, worked out for any reader: screens, pages and the terminal."""
