"""The least that an import must do: rows already in memory, staged and decided set by set.

It matches, checks, updates, and writes the history and every row's outcome into the same tables as
the service does, in batches of the same size; it reads no file, knows one key and one layout, looks
for no duplicates, and has no operator whose rights could bound it.
"""

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from benchmarks import meters
from benchmarks.house import House
from benchmarks.sheet import Row
from domain import ids
from domain.ids import Noun

BATCH_ROWS = 5_000
_STAGED = """
CREATE TEMP TABLE staged (row_number int, number text, name text, result text, remark text)
ON COMMIT DELETE ROWS
"""
_JOB = """
INSERT INTO jobs (kind, status, phase, operator_id, scheme_id, checkpoint_id, total)
SELECT 'IMPORT', 'RUNNING', 'DECIDING', (SELECT min(id) FROM operators), scheme_id, id, %(total)s
FROM checkpoints WHERE id = %(checkpoint)s RETURNING id
"""
_DECIDE = """
WITH job AS (
  SELECT id, operator_id, scheme_id, checkpoint_id FROM jobs WHERE id = %(job)s FOR UPDATE
), named AS (
  SELECT staged.*, found.id AS student_id, found.name = staged.name AS is_named,
    CASE result WHEN '通过' THEN 'PASSED' WHEN '未通过' THEN 'REFUSED' END AS wanted
  FROM staged LEFT JOIN LATERAL (
    SELECT id, name FROM students WHERE number = staged.number
      AND scheme_id = (SELECT scheme_id FROM job) AND status = 'ACTIVE' LIMIT 1) found ON true
), held AS (
  SELECT clearances.student_id, status, clearances.remark, version
  FROM named JOIN clearances ON clearances.student_id = named.student_id
    AND checkpoint_id = (SELECT checkpoint_id FROM job)
  WHERE is_named ORDER BY clearances.student_id FOR NO KEY UPDATE OF clearances
), judged AS (
  SELECT named.*, held.status, held.remark AS old_remark, held.version,
    CASE WHEN named.student_id IS NULL THEN 'STUDENT_NOT_FOUND'
      WHEN NOT is_named THEN 'NAME_MISMATCH'
      WHEN wanted IS NULL THEN 'RESULT_UNKNOWN'
      WHEN held.status = 'NOT_REQUIRED' THEN 'NOT_REQUIRED'
      WHEN wanted = 'PASSED' AND EXISTS (
        SELECT FROM prerequisites JOIN clearances before
          ON before.student_id = named.student_id AND before.checkpoint_id = required_id
        WHERE prerequisites.checkpoint_id = (SELECT checkpoint_id FROM job)
          AND before.status IN ('PENDING', 'REFUSED')) THEN 'PREREQUISITE_PENDING'
    END AS code
  FROM named LEFT JOIN held ON held.student_id = named.student_id
), decided AS (
  SELECT judged.*, (wanted, remark) IS NOT DISTINCT FROM (status, old_remark) AS is_same
  FROM judged
), changed AS (
  UPDATE clearances SET status = wanted, remark = decided.remark, version = decided.version + 1,
    operator_id = (SELECT operator_id FROM job), decided_at = statement_timestamp()
  FROM decided WHERE clearances.student_id = decided.student_id
    AND checkpoint_id = (SELECT checkpoint_id FROM job) AND code IS NULL AND NOT is_same
), told AS (
  INSERT INTO entries (student_id, checkpoint_id, version, at, operator_id, channel, job_id,
    row_number, old_status, new_status, old_remark, new_remark)
  SELECT student_id, checkpoint_id, version + 1, statement_timestamp(), operator_id, 'IMPORT',
    job.id, row_number, status, wanted, old_remark, remark
  FROM decided CROSS JOIN job WHERE code IS NULL AND NOT is_same
), written AS (
  INSERT INTO job_rows (job_id, row_number, cells, key, name, student_id, act, remark, outcome,
    code, problems)
  SELECT job.id, row_number, jsonb_build_array(number, name, result, remark), number, name,
    CASE WHEN is_named THEN student_id END,
    CASE wanted WHEN 'PASSED' THEN 'PASS' ELSE 'REFUSE' END, remark,
    CASE WHEN code IS NOT NULL THEN 'FAILED' WHEN is_same THEN 'UNCHANGED' ELSE 'APPLIED' END,
    code, CASE WHEN code IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(
      jsonb_build_object('code', code, 'column', 'A', 'value', number, 'facts', '{}'::jsonb)) END
  FROM decided CROSS JOIN job
  RETURNING outcome
)
UPDATE jobs SET cursor = %(last)s,
  applied = applied + (SELECT count(*) FROM written WHERE outcome = 'APPLIED'),
  unchanged = unchanged + (SELECT count(*) FROM written WHERE outcome = 'UNCHANGED'),
  failed = failed + (SELECT count(*) FROM written WHERE outcome = 'FAILED')
WHERE id = %(job)s
"""
_FINISH = """
UPDATE jobs SET status = 'FINISHED', phase = NULL, finished_at = now() WHERE id = %s
"""


@dataclass(frozen=True)
class FloorRun:
    """One import by statements alone."""

    job: str
    rows: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds


def run(house: House, rows: Sequence[Row], checkpoint: str) -> FloorRun:
    """One transaction a batch; as in the service's worker, no commit waits for the disk."""
    asked = {"checkpoint": ids.decode(checkpoint, Noun.CHECKPOINT), "total": len(rows)}
    url = house.database.engine.url
    with psycopg.connect(
        host=str(url.query["host"]), user=url.username, dbname=url.database
    ) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute(_STAGED)
        connection.commit()
        spent, began = meters.spent(), time.perf_counter()
        [job] = connection.execute(_JOB, asked).fetchone() or [0]
        numbered = enumerate(rows, 2)
        while batch := list(itertools.islice(numbered, BATCH_ROWS)):
            _decide(connection, job, batch)
        connection.execute(_FINISH, (job,))
        connection.commit()
        seconds, cpu = time.perf_counter() - began, meters.spent() - spent
    return FloorRun(ids.encode(Noun.JOB, job), len(rows), seconds, cpu)


def _decide(connection: psycopg.Connection, job: int, batch: Sequence[tuple[int, Row]]) -> None:
    with connection.cursor().copy("COPY staged FROM STDIN") as copy:
        for number, row in batch:
            copy.write_row((number, *row))
    connection.execute(_DECIDE, {"job": job, "last": batch[-1][0]})
    connection.commit()
