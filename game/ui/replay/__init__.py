"""Replay: any record on the board, step by step, with its tree of lines, comments, what-ifs and comparisons."""
