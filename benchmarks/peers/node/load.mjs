// Reads what to ask as JSON, asks it, and prints what it took as JSON.
import autocannon from "autocannon";
import { text } from "node:stream/consumers";

const { url, headers, connections, seconds, bodies } = JSON.parse(await text(process.stdin));
const requests = bodies.map((body) => ({ body }));
let place = 0;
// Else every connection would ask for the same at the same time.
const setupClient = (client) => {
  const first = Math.floor((place++ * requests.length) / connections);
  client.setRequests([...requests.slice(first), ...requests.slice(0, first)]);
};
const done = await autocannon({
  url,
  connections,
  duration: seconds,
  method: "POST",
  headers,
  requests: [requests[0]],
  setupClient,
});
console.log(
  JSON.stringify({
    requests: done.requests.total,
    seconds: done.duration,
    p50: done.latency.p50,
    p99: done.latency.p99,
    failed: done.non2xx + done.errors,
    bytes: done.throughput.total,
  }),
);
