"""What is HTTP and not GraphQL: files up and down, templates, health, the GraphQL view."""
