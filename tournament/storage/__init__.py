"""Results on disk: shards, sorted files, manifest, and reading them."""
