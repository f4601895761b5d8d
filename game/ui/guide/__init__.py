"""The guided first game: a coach beside the real play screen that waits for real actions."""
