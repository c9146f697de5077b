"""Has translation become worse? Snapshots of runs, and their comparison."""
