"""The screens beside the play screen, one module each."""
