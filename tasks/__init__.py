"""What takes long: Celery tasks that claim a job, run its batches and finish it."""
