"""The toolkit of the window: events, focus, layout, text, widgets. Knows no game."""
