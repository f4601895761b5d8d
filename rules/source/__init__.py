"""Rule files: found, read as safe YAML, given their shape, changed by overrides."""
