"""Certificates of clearance (离校单): issued, printed, verified by anybody who has the paper."""
