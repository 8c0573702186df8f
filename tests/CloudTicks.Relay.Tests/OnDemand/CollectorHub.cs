using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Tests.Client;
using ServiceDefaults.Clients;

namespace CloudTicks.Relay.Tests.OnDemand;

/// <summary>A scripted central hub with two keys and the collectors' document. It accepts merge patches, as the real one does.</summary>
internal sealed class CollectorHub : IAsyncDisposable
{
    public const string WriterKey = "writer-key";
    public const string ReaderKey = "reader-key";

    private readonly ScriptedHub _hub = ScriptedHub.Start();
    private readonly Lock _gate = new();
    private readonly List<JsonObject> _versions = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CollectorHub()
    {
        _hub.Script = (request, _) => Task.FromResult(AnswerTo(request));
        Set("""{"operational":{"symbols":["AAPL"]}}""");
    }

    public string Address => _hub.Address;

    /// <summary>Whether the central hub responds to every request with 503.</summary>
    public bool IsUnavailable { get; set; }

    /// <summary>The error with which the central hub refuses each change; null to accept changes.</summary>
    public string? Refusal { get; set; }

    /// <summary>All versions of the document so far.</summary>
    public IReadOnlyList<JsonObject> Versions
    {
        get
        {
            lock (_gate)
            {
                return [.. _versions];
            }
        }
    }

    public JsonObject Document => Versions[^1];

    public static IEnumerable<string> OnDemandSymbols(JsonObject document) =>
        (document["operational"]?["on_demand"] as JsonArray ?? []).Select(entry => $"{entry!["symbol"]}");

    public static IEnumerable<string> NamedSymbols(JsonObject document) =>
        (document["operational"]?["symbols"] as JsonArray ?? []).Select(symbol => $"{symbol}");

    /// <summary>Replaces the document, as an operator does.</summary>
    public void Set(string json) => Add((JsonObject)JsonNode.Parse(json)!);

    public async Task UntilAsync(Func<CollectorHub, bool> matches)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (matches(this))
                return;
            await changed.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    private static byte[] Json(string json) => ScriptedHub.Response("200 OK\r\nContent-Type: application/json", json);

    private byte[]? AnswerTo(HubRequest request)
    {
        if (IsUnavailable)
            return ScriptedHub.Response("503 Service Unavailable");
        if (request.Target.StartsWith("/api/v1/keys/self", StringComparison.Ordinal))
        {
            return request.Headers.GetValueOrDefault(ServiceKey.Header.ToLowerInvariant()) switch
            {
                WriterKey => Json("""{"name":"desk","role":"writer"}"""),
                ReaderKey => Json("""{"name":"research","role":"reader"}"""),
                _ => ScriptedHub.Response("401 Unauthorized"),
            };
        }

        return request.Target.StartsWith("/api/v1/keys", StringComparison.Ordinal) ? Json("""[{"name":"desk"}]""")
            : request.IsReport ? ApplyChange(request)
            : null;
    }

    private byte[] ApplyChange(HubRequest request)
    {
        if (Refusal is { } refusal)
        {
            return ScriptedHub.Response(
                "400 Bad Request\r\nContent-Type: application/problem+json", $$"""{"errors":[{"detail":"{{refusal}}"}]}""");
        }

        lock (_gate)
        {
            if (request.Headers["if-match"] != ScriptedHub.TagOf(_versions.Count, _versions[^1].ToJsonString()))
                return ScriptedHub.Response("412 Precondition Failed");
            Add((JsonObject)MergePatch.Apply(_versions[^1], JsonNode.Parse(request.Body))!);
            return Json("{}");
        }
    }

    private void Add(JsonObject document)
    {
        lock (_gate)
        {
            _versions.Add(document);
            _hub.Set(_versions.Count, document.ToJsonString());
        }

        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
