"""PostgreSQL and Redis from wheels, and the supervisor that runs every part as a child."""
