"""Hand-outs (发放): what a student is to receive, and what was given to whom."""
