"""The rules; they know neither GraphQL nor HTTP, neither the queue nor the settings."""
