"""Every team its own device: the server and the pages of a table that browsers on the local network play at."""
