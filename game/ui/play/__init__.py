"""The play screen: one module a panel; ``screen`` holds them together and runs the turn."""
