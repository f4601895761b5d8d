"""Playing a plan: jobs, executors in process and on Ray, the referee, audit."""
