"""What this process has counted, for Prometheus: GET /metrics."""

import prometheus_client
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def route() -> Route:
    """GET /metrics: numbers only; the proxy in front keeps it inside."""
    return Route("/metrics", _metrics, methods=["GET"])


async def _metrics(_request: Request) -> Response:
    content = prometheus_client.generate_latest()
    return Response(content, media_type=prometheus_client.CONTENT_TYPE_LATEST)
