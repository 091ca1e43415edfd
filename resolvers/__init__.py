"""What the API does: one function a field, from the session to the domain and back."""
