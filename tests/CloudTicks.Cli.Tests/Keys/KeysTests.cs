using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Tests.Keys;

public sealed class KeysTests : IAsyncLifetime
{
    private const string Id = "0123456789ab";
    private const string Key = "ctk_0123456789ab_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string List =
        """
        [{"id":"0123456789ab","name":"research","role":"reader","created_ms":1737993600000,"created_by":"boss"},
         {"id":"ba9876543210","name":"old","role":"writer","created_ms":1737993600000,"created_by":"boss","revoked_ms":1737993601000,"revoked_by":"boss"}]
        """;

    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Dictionary<string, string?> _environment = [];
    private WebApplication _hub = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _hub = builder.Build();
        _hub.Use(async (http, next) =>
        {
            _requests.Enqueue($"{http.Request.Method} {http.Request.Path} {http.Request.Headers[ServiceKey.Header]}".TrimEnd());
            await next(http);
        });
        _hub.MapPost("/api/v1/keys", async (HttpRequest request) =>
        {
            var posted = (await JsonNode.ParseAsync(request.Body))!;
            return $"{posted["name"]}" == "taken"
                ? Results.Problem("There is a key of taken already.", title: "The name is taken.", statusCode: 409)
                : Results.Json(new { id = Id, name = $"{posted["name"]}", role = $"{posted["role"]}", key = Key }, statusCode: 201);
        });
        _hub.MapGet("/api/v1/keys", () => Results.Content(List, "application/json"));
        _hub.MapGet("/api/v1/keys/self", () => new { name = "research", role = "reader" });
        _hub.MapDelete("/api/v1/keys/{id}", (string id) => id == Id
            ? Results.Content(
                """{"id":"0123456789ab","name":"research","revoked_ms":1737993602000,"revoked_by":"boss"}""", "application/json")
            : Results.Problem("No key has this id.", title: "There is no such key.", statusCode: 404));
        await _hub.StartAsync(TestContext.Current.CancellationToken);
        _environment["CLOUDTICKS_HUB"] = new Uri(_hub.Urls.Single()).Authority;
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Create_prints_only_the_key_on_standard_output()
    {
        _environment["CLOUDTICKS_HUB_KEY"] = "mine";

        var (code, output, errors) = await RunAsync("keys", "create", "research", "--role", "reader");

        (code, output.TrimEnd()).ShouldBe((0, Key));
        errors.ShouldContain($"id {Id}");
        _requests.ShouldBe(["POST /api/v1/keys mine"]);
        JsonNode.Parse((await RunAsync("keys", "create", "research", "--role", "writer", "--json")).Output)!["role"]!.ToString()
            .ShouldBe("writer");
    }

    [Theory]
    [InlineData(3, "taken already", "taken", "--role", "reader")]
    [InlineData(2, "--role", "research")]
    [InlineData(2, "owner", "research", "--role", "owner")]
    public async Task Create_that_fails_reports_the_reason(int exitCode, string part, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(["keys", "create", .. arguments]);

        (code, output).ShouldBe((exitCode, ""));
        errors.ShouldContain(part);
    }

    [Fact]
    public async Task List_shows_usable_keys_and_all_on_request()
    {
        var (code, output, _) = await RunAsync("keys", "list");

        (code, output.TrimEnd()).ShouldBe((0, "0123456789ab  research  reader  created 2025-01-27T16:00:00Z by boss"));
        (await RunAsync("keys", "list", "--all")).Output.ShouldContain(
            "old       writer  created 2025-01-27T16:00:00Z by boss, revoked 2025-01-27T16:00:01Z by boss");
        JsonNode.Parse((await RunAsync("keys", "list", "--json")).Output)!.AsArray().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(Id)]
    [InlineData("research")]
    [InlineData("Research")]
    [InlineData(Key)]
    public async Task Revoke_accepts_an_id_a_name_or_the_key_without_sending_it(string which)
    {
        var (code, output, _) = await RunAsync("keys", "revoke", which);

        code.ShouldBe(0);
        output.ShouldContain("Key 0123456789ab of research was revoked at");
        _requests.ShouldContain("DELETE /api/v1/keys/0123456789ab");
        _requests.ShouldNotContain(request => request.Contains("0123456789abcdef", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("old")]
    [InlineData("nobody")]
    [InlineData("ba9876543210")]
    public async Task Revoke_of_an_unknown_or_revoked_key_exits_with_1(string which) =>
        (await RunAsync("keys", "revoke", which)).Code.ShouldBe(1);

    [Fact]
    public async Task Self_shows_the_holder_of_the_key() => (await RunAsync("keys", "self")).Output.TrimEnd().ShouldBe("research, reader");

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        CliProcess.RunAsync(_environment, arguments);
}
