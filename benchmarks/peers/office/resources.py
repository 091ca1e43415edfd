"""The two resources: decisions at one checkpoint come in, students with their clearances go out."""

# mypy: ignore-errors
# ruff: noqa: ARG002
# Django is in the peers' own environment, and has no types; it calls its hooks with
# more than each of them needs.

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils import timezone
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource

from benchmarks.peers.office.models import Clearance, Entry, RowResult, Student

_STATUSES = {"通过": "已通过", "未通过": "未通过"}
_CHANGED = ("status", "remark", "version", "decided_at")


class DecisionResource(ModelResource):
    """Each row decides one clearance; its history and its result are written with it."""

    number = Field(attribute="student__number", column_name="学号")
    status = Field(attribute="status", column_name="办理结果")
    remark = Field(attribute="remark", column_name="备注")

    class Meta:
        """A student's number tells which clearance."""

        model = Clearance
        fields = ("number", "status", "remark")
        import_id_fields = ("number",)

    def __init__(self, checkpoint):
        super().__init__()
        self._checkpoint = checkpoint

    def get_queryset(self):
        """Of the one checkpoint."""
        return Clearance.objects.filter(checkpoint=self._checkpoint).select_related("student")

    def before_import_row(self, row, **_):
        """The office's word becomes ours."""
        row["办理结果"] = _STATUSES.get(row["办理结果"])
        row["备注"] = row["备注"] or ""

    def after_init_instance(self, instance, new, row, **_):
        """Nobody is made by a decision, and the wrong person is not cleared."""
        if new:
            raise ValidationError("没有这个学号的学生")
        if instance.student.name != row["姓名"]:
            raise ValidationError("姓名与学生名单不符")
        if row["办理结果"] is None:
            raise ValidationError("不认识的办理结果")
        instance.before = (instance.status, instance.remark)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        """What is so already changes nothing."""
        return instance.before == (row["办理结果"], row["备注"])

    def import_instance(self, instance, row, **kwargs):
        """One version more."""
        super().import_instance(instance, row, **kwargs)
        instance.version += 1
        instance.decided_at = timezone.now()

    def _entry(self, instance, row_number):
        old_status, old_remark = instance.before
        return Entry(
            clearance=instance,
            version=instance.version,
            at=instance.decided_at,
            row_number=row_number,
            old_status=old_status,
            new_status=instance.status,
            old_remark=old_remark,
            new_remark=instance.remark,
        )

    def after_import(self, dataset, result, **_):
        """The rows' results."""
        rows = enumerate(zip(dataset, result.rows, strict=True), 1)
        results = [self._result(place, *each) for place, each in rows]
        RowResult.objects.bulk_create(results, batch_size=1_000)

    def _result(self, row_number, row, result):
        return RowResult(
            checkpoint=self._checkpoint,
            row_number=row_number,
            number=row[0],
            name=row[1],
            outcome=result.import_type,
            problem=str(result.validation_error or ""),
        )


class OneByOne(DecisionResource):
    """As it comes: each row is looked up, compared and saved by itself."""

    def after_save_instance(self, instance, row, **kwargs):
        """The history."""
        self._entry(instance, kwargs["row_number"]).save(force_insert=True)


class InBulk(DecisionResource):
    """Bulk mode, with its two switches: each row is looked up, and written with its batch."""

    class Meta(DecisionResource.Meta):
        """As its documentation has it."""

        use_bulk = True
        skip_diff = True

    def get_bulk_update_fields(self):
        """Those that a decision changes."""
        return _CHANGED

    def after_save_instance(self, instance, row, **kwargs):
        """For the history of its batch."""
        instance.row_number = kwargs["row_number"]

    def bulk_update(self, *args, **kwargs):
        """With the history."""
        entries = [self._entry(each, each.row_number) for each in self.update_instances]
        super().bulk_update(*args, **kwargs)
        Entry.objects.bulk_create(entries)


class Tuned(InBulk):
    """At its best: all clearances are looked up at once."""

    class Meta(InBulk.Meta):
        """The batch that was fastest: one UPDATE compares each row with each."""

        batch_size = 250
        instance_loader_class = CachedInstanceLoader


class StatusField(Field):
    """A column of one checkpoint."""

    def __init__(self, place, title):
        super().__init__(column_name=title)
        self._place = place

    def get_value(self, instance):
        """Its status."""
        return instance.listed[self._place].status


class StudentResource(ModelResource):
    """Every field of a student, and a column for each of these checkpoints."""

    class Meta:
        """Students are read in portions, with their clearances."""

        model = Student
        exclude = ("id",)
        chunk_size = 2_000

    def __init__(self, checkpoints):
        super().__init__()
        self._checkpoints = checkpoints
        for place, each in enumerate(checkpoints):
            self.fields[each.title] = StatusField(place, each.title)

    def get_queryset(self):
        """By number, each with the clearances that are columns."""
        listed = Clearance.objects.filter(checkpoint__in=self._checkpoints)
        prefetched = Prefetch("clearances", listed.order_by("checkpoint"), to_attr="listed")
        return Student.objects.order_by("number").prefetch_related(prefetched)
