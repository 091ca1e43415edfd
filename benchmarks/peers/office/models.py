"""Equivalent tables: students, checkpoints, clearances and their history, results of rows."""

# mypy: ignore-errors
# Django is in the peers' own environment, and has no types.

from django.db import models

APP = "office"


class Student(models.Model):
    """A leaver with what is exported of them."""

    number = models.TextField(unique=True)
    candidate_number = models.TextField(unique=True)
    id_number = models.TextField(unique=True)
    name = models.TextField()
    gender = models.TextField()
    entry_year = models.IntegerField()
    cohort = models.TextField()
    department = models.TextField()
    major = models.TextField()
    class_name = models.TextField()
    category = models.TextField()
    training_level = models.TextField()
    household_transfer = models.BooleanField()
    dormitory = models.TextField()

    class Meta:
        app_label = APP


class Checkpoint(models.Model):
    """An office's step."""

    title = models.TextField(unique=True)

    class Meta:
        app_label = APP


class Clearance(models.Model):
    """One student at one checkpoint."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="clearances")
    checkpoint = models.ForeignKey(Checkpoint, models.CASCADE)
    status = models.TextField(default="未办理")
    remark = models.TextField(default="")
    version = models.IntegerField(default=1)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        app_label = APP
        constraints = (models.UniqueConstraint(fields=("student", "checkpoint"), name="one_each"),)


class Entry(models.Model):
    """One change of a clearance."""

    clearance = models.ForeignKey(Clearance, models.CASCADE)
    version = models.IntegerField()
    at = models.DateTimeField()
    row_number = models.IntegerField()
    old_status = models.TextField()
    new_status = models.TextField()
    old_remark = models.TextField()
    new_remark = models.TextField()

    class Meta:
        app_label = APP


class RowResult(models.Model):
    """What became of one row of an import."""

    checkpoint = models.ForeignKey(Checkpoint, models.CASCADE)
    row_number = models.IntegerField()
    number = models.TextField()
    name = models.TextField()
    outcome = models.TextField()
    problem = models.TextField(default="")

    class Meta:
        app_label = APP


TABLES = (Student, Checkpoint, Clearance, Entry, RowResult)
