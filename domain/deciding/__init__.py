"""What changes a clearance: decisions and rules, judged and written under locks."""
