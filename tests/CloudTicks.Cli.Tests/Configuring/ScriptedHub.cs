using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;
using CloudTicks.ServiceDocuments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Cli.Tests.Configuring;

/// <summary>
/// The central hub's contract in memory, so that a test can change a document between two requests of a command, or set any response.
/// </summary>
internal sealed class ScriptedHub : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly ServiceDocument _service = KnownServices.Documents.Find(ServiceNames.Collector)!;
    private volatile ImmutableList<(JsonObject Document, string Action, string? Comment)> _versions = [];
    private readonly WebApplication _app;

    private ScriptedHub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _versions = [(_service.Defaults(), "", null)];
        _app.Use(async (http, next) =>
        {
            Keys.Enqueue(http.Request.Headers["x-functions-key"].ToString());
            BeforeAnswer?.Invoke(http);
            if (!http.Response.HasStarted && http.Response.StatusCode == StatusCodes.Status200OK)
            {
                await next(http);
            }
        });
        const string path = "/api/v1/config/" + ServiceNames.Collector;
        _app.MapGet(path, http => AnswerAsync(http, 200, null));
        _app.MapGet(path + "/versions/{version:int}", (HttpContext http, int version) => AnswerAsync(
            http, 200, new JsonObject { ["version"] = version, ["document"] = Read(version) }));
        _app.MapGet(path + "/history", http => AnswerAsync(
            http, 200, new JsonObject { ["versions"] = new JsonArray([.. Enumerable.Range(1, Newest).Reverse().Select(Entry)]) }));
        _app.MapGet("/api/v1/services", http => AnswerAsync(http, 200, new JsonObject
        {
            ["services"] = new JsonArray(
                [.. Registered.Keys.Prepend(ServiceNames.Collector).Select(name => (JsonNode)new JsonObject { ["service"] = name })]),
        }));
        _app.MapGet("/api/v1/config/{service}", (HttpContext http, string service) => Registered.TryGetValue(service, out var document)
            ? AnswerAsync(http, 200, document.DeepClone())
            : ProblemAsync(http, 404, "There is no such service.", []));
        _app.MapPost(path, http => ChangeAsync(http, "patch", (document, patch) => (JsonObject)MergePatch.Apply(document, patch)!));
        _app.MapPut(path, http => ChangeAsync(http, "put", (_, document) => document));
        _app.MapPost(
            path + "/rollback/{version:int}", (HttpContext http, int version) => ChangeAsync(http, "rollback", (_, _) => Read(version)));
    }

    /// <summary>Called before each request is handled. If it sets a status, the request is not handled.</summary>
    public Action<HttpContext>? BeforeAnswer { get; set; }

    public ConcurrentQueue<string> Keys { get; } = [];

    /// <summary>The documents of registered services, by name.</summary>
    public ConcurrentDictionary<string, JsonObject> Registered { get; } = [];

    public int Newest => _versions.Count - 1;

    public string Address => new Uri(_app.Urls.Single()).Authority;

    public JsonObject Document => Read(Newest);

    public string Symbols => string.Join(',', Document["operational"]!["symbols"]!.AsArray());

    public string? Comment => _versions[^1].Comment;

    public static async Task<ScriptedHub> StartAsync()
    {
        var hub = new ScriptedHub();
        await hub._app.StartAsync(TestContext.Current.CancellationToken);
        return hub;
    }

    /// <summary>Applies a merge patch, like a concurrent edit.</summary>
    public void Patch(string patch)
    {
        lock (_lock)
        {
            _versions = _versions.Add(((JsonObject)MergePatch.Apply(Document, JsonNode.Parse(patch))!, "patch", null));
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private JsonObject Read(int version) => (JsonObject)_versions[version].Document.DeepClone();

    private string Tag(int version) => DocumentTag.Of(version, _versions[version].Document.ToJsonString());

    private JsonObject Entry(int version) => new()
    {
        ["version"] = version,
        ["action"] = _versions[version].Action,
        ["author"] = "anna",
        ["comment"] = _versions[version].Comment,
        ["time"] = "2026-11-20T17:00:00.000Z",
        ["changes"] = new JsonArray("subscribe AAPL"),
    };

    private async Task ChangeAsync(HttpContext http, string action, Func<JsonObject, JsonObject, JsonObject> change)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        var body = text.Length > 0 ? (JsonObject)JsonNode.Parse(text)! : [];
        var number = Newest;
        var inForce = Read(number);
        var after = change(inForce, body);
        var trusted = http.Request.Query["force"] == "true" ? after : inForce;
        var faults = await _service.CheckAsync(after, trusted, new NamedLists(null), http.RequestAborted);
        var changes = await _service.DifferenceAsync(inForce, after, new NamedLists(null), DateTimeOffset.UnixEpoch, http.RequestAborted);
        if (faults.Count > 0)
        {
            await ProblemAsync(http, 400, "The document cannot be used.",
                [.. faults.Select(fault => (JsonNode)new JsonObject { ["pointer"] = fault.Place, ["detail"] = fault.Detail })]);
            return;
        }

        var dryRun = http.Request.Query["dry_run"] == "true";
        bool isOvertaken;
        lock (_lock)
        {
            isOvertaken = number != Newest || (http.Request.Headers.IfMatch.ToString() is { Length: > 0 } tag && tag != Tag(Newest));
            if (!isOvertaken && !dryRun && changes.Count > 0)
            {
                _versions = _versions.Add((after, action, http.Request.Query["comment"]));
            }
        }

        await (isOvertaken
            ? ProblemAsync(http, 412, "The document was changed meanwhile.", [])
            : AnswerAsync(http, 200, new JsonObject
            {
                ["service"] = _service.Service,
                ["version"] = Newest,
                ["dry_run"] = dryRun,
                ["changes"] = new JsonArray([.. changes.Select(line => JsonValue.Create(line))]),
                ["document"] = after.DeepClone(),
            }));
    }

    private Task ProblemAsync(HttpContext http, int status, string title, JsonArray errors) =>
        AnswerAsync(http, status, new JsonObject { ["title"] = title, ["status"] = status, ["errors"] = errors });

    private Task AnswerAsync(HttpContext http, int status, JsonNode? body)
    {
        // Read the version once, so that all values are of the same version despite concurrent changes.
        var number = Newest;
        http.Response.StatusCode = status;
        http.Response.ContentType = status < 300 ? "application/json" : "application/problem+json";
        http.Response.Headers.ETag = Tag(number);
        http.Response.Headers["Config-Version"] = number.ToString(CultureInfo.InvariantCulture);
        return http.Response.WriteAsync((body ?? Read(number)).ToJsonString(), http.RequestAborted);
    }
}
