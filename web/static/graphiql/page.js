// Starts GraphiQL on the address it was opened at. A query in the address is filled in, never run.
const given = new URLSearchParams(window.location.search);
const explorer = React.createElement(GraphiQL, {
  fetcher: GraphiQL.createFetcher({ url: window.location.pathname }),
  query: given.get("query") ?? undefined,
  variables: given.get("variables") ?? undefined,
  defaultEditorToolsVisibility: "headers",
  defaultHeaders: JSON.stringify({ Authorization: "Bearer " }, null, 2),
  isHeadersEditorEnabled: true,
  // A token that outlives the page would be readable by whoever uses the machine next.
  shouldPersistHeaders: false,
  inputValueDeprecation: true,
});
ReactDOM.createRoot(document.getElementById("graphiql")).render(explorer);
