using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests.Rollouts;

public sealed class RolloutTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Config = "/api/v1/config/polygon-live-collector";
    private const string Rollouts = "/api/v1/rollouts";

    private const string Document =
        """
        {"operational":{"symbols":["EURUSD"],"rollouts":[{"flag":"nasdaq","list":"nasdaq-100","guard":{"window":3600,"max_refused_ticks":10}}]},
         "feature_management":{"feature_flags":[
           {"id":"nasdaq","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":0}}}]}},
           {"id":"spare","enabled":false}]}}
        """;

    private TestSystem _system = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _system = await TestSystem.StartAsync(postgres);
        var functions = await _system.StartFunctionsAsync();
        await functions.UntilHealthAsync(200);
        _http = new HttpClient { BaseAddress = await functions.AddressAsync() };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        await _system.DisposeAsync();
    }

    [Fact]
    public async Task Rollout_is_shown_set_paused_resumed_and_rolled_back()
    {
        await PostAsync(Config, Document);
        var first = await GetRolloutAsync();
        (Names(first, "on").Length, Names(first, "off").Length).ShouldBe((0, 101));
        first["guard"]!["max_refused_ticks"]!.GetValue<long>().ShouldBe(10);

        var change = await PostAsync($"{Rollouts}/nasdaq", """{"percentage":25}""");
        var quarter = Names(await GetRolloutAsync(), "on");
        change["version"]!.GetValue<int>().ShouldBe(2);
        Texts(change["changes"]!).Where(line => line.StartsWith("subscribe ", StringComparison.Ordinal))
            .ShouldBe(quarter.Select(symbol => $"subscribe {symbol}"), ignoreOrder: true);

        await PostAsync($"{Rollouts}/nasdaq?comment=half%20of%20it", """{"percentage":50}""");
        var half = await GetRolloutAsync();
        quarter.ShouldBeSubsetOf(Names(half, "on"));
        half["step"]!["comment"]!.GetValue<string>().ShouldBe("half of it");
        half["guard"]!["watches_until"].ShouldNotBeNull();

        await PostAsync($"{Rollouts}/nasdaq/pause", null);
        var paused = await GetRolloutAsync();
        (Names(paused, "on").Length, paused["percentage"]!.GetValue<double>(), paused["enabled"]!.GetValue<bool>()).ShouldBe(
            (0, 50, false));
        (await SendAsync(HttpMethod.Post, $"{Rollouts}/nasdaq/rollback", null)).Status.ShouldBe(HttpStatusCode.Conflict);

        await PostAsync($"{Rollouts}/nasdaq/resume", null);
        Names(await GetRolloutAsync(), "on").ShouldBe(Names(half, "on"));

        (await PostAsync($"{Rollouts}/nasdaq/rollback", null))["document"].ShouldNotBeNull();
        Names(await GetRolloutAsync(), "on").ShouldBe(quarter);
        await PostAsync($"{Rollouts}/nasdaq/rollback", null);
        Names(await GetRolloutAsync(), "on").ShouldBeEmpty();
        (await GetRolloutAsync())["percentage"]!.GetValue<double>().ShouldBe(0);

        var (_, history) = await SendAsync(HttpMethod.Get, $"{Config}/history", null);
        var last = history["versions"]![0]!;
        (last["version"]!.GetValue<int>(), last["action"]!.GetValue<string>(), last["comment"]!.GetValue<string>())
            .ShouldBe((7, "rollout", "rollout nasdaq: rolled back to version 1"));
    }

    [Fact]
    public async Task Rollout_of_an_unused_flag_cannot_be_set()
    {
        await PostAsync(Config, Document);

        var spare = (await SendAsync(HttpMethod.Get, Rollouts, null)).Json["rollouts"]!.AsArray()
            .Single(rollout => rollout!["flag"]!.GetValue<string>() == "spare")!;
        spare["list"].ShouldBeNull();
        spare["on"]!.AsArray().ShouldBeEmpty();

        var (status, problem) = await SendAsync(HttpMethod.Post, $"{Rollouts}/spare", """{"percentage":1}""");
        status.ShouldBe(HttpStatusCode.NotFound);
        problem["detail"]!.GetValue<string>().ShouldContain("the flags are nasdaq");
    }

    [Theory]
    [InlineData("""{"percentage":101}""", "/percentage")]
    [InlineData("""{"percentage":-0.1}""", "/percentage")]
    [InlineData("""{"percentage":"5"}""", "/percentage")]
    [InlineData("""{}""", "/percentage")]
    [InlineData("""{"percent":5}""", "/percent")]
    [InlineData("""[5]""", "")]
    public async Task Invalid_step_is_refused_with_its_place(string body, string place)
    {
        await PostAsync(Config, Document);

        var (status, problem) = await SendAsync(HttpMethod.Post, $"{Rollouts}/nasdaq", body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem["errors"]![0]!["pointer"]!.GetValue<string>().ShouldBe(place);
        Names(await GetRolloutAsync(), "on").ShouldBeEmpty();
    }

    [Fact]
    public async Task Dry_run_or_outdated_step_changes_nothing()
    {
        await PostAsync(Config, Document);

        var (_, tried) = await SendAsync(HttpMethod.Post, $"{Rollouts}/nasdaq?dryRun=true", """{"percentage":100}""");
        var (status, late) = await SendAsync(HttpMethod.Post, $"{Rollouts}/nasdaq", """{"percentage":100}""", "\"1-000000000000\"");

        tried["dry_run"]!.GetValue<bool>().ShouldBeTrue();
        Texts(tried["changes"]!).Count(line => line.StartsWith("subscribe ", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
        status.ShouldBe(HttpStatusCode.PreconditionFailed);
        late["version"]!.GetValue<int>().ShouldBe(1);
        Names(await GetRolloutAsync(), "on").ShouldBeEmpty();
    }

    [Fact]
    public async Task Guard_rolls_back_a_step_above_its_limit()
    {
        await PostAsync(Config, Document);
        await PostAsync($"{Rollouts}/nasdaq", """{"percentage":25}""");
        var figure = 0;

        await _system.UntilAsync(async () =>
        {
            // Keep increasing the figure, so that the guard sees an increase no matter when it checked first.
            figure += 20;
            await PostAsync(
                $"{Config}/instances/one",
                new JsonObject { ["version"] = 2, ["state"] = "current", ["figures"] = new JsonObject { ["refused_ticks"] = figure } }
                    .ToJsonString());
            return Names(await GetRolloutAsync(), "on").Length == 0 ? null : "the guard has not rolled the step back";
        });

        var step = (await GetRolloutAsync())["step"]!;
        (step["author"]!.GetValue<string>(), step["action"]!.GetValue<string>()).ShouldBe(("guard", "guard"));
        step["comment"]!.GetValue<string>().ShouldContain("ticks were refused since then, and at most 10 are allowed");
        (await _system.QueryAsync<long>("SELECT count(*) FROM audit_log WHERE action = 'config.guard' AND author = 'guard'")).ShouldBe(1);
    }

    private static string[] Names(JsonNode rollout, string side) => Texts(rollout[side]!);

    private static string[] Texts(JsonNode array) => [.. array.AsArray().Select(entry => entry!.GetValue<string>())];

    private async Task<JsonNode> GetRolloutAsync()
    {
        var (status, json) = await SendAsync(HttpMethod.Get, Rollouts, null);
        status.ShouldBe(HttpStatusCode.OK, json.ToJsonString());
        return json["rollouts"]![0]!;
    }

    private async Task<JsonObject> PostAsync(string path, string? body)
    {
        var (status, json) = await SendAsync(HttpMethod.Post, path, body);
        status.ShouldBe(HttpStatusCode.OK, json.ToJsonString());
        return json;
    }

    /// <summary>
    /// Sends a request, and repeats it while the response is 503: on a busy machine the database may need more time than the hub gives it.
    /// </summary>
    private async Task<(HttpStatusCode Status, JsonObject Json)> SendAsync(
        HttpMethod method, string path, string? body, string? ifMatch = null)
    {
        (HttpStatusCode Status, JsonObject Json) response;
        do
        {
            response = await SendOnceAsync(method, path, body, ifMatch);
        }
        while (response.Status == HttpStatusCode.ServiceUnavailable);

        return response;
    }

    private async Task<(HttpStatusCode Status, JsonObject Json)> SendOnceAsync(
        HttpMethod method, string path, string? body, string? ifMatch)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch).ShouldBeTrue();
        }

        using var response = await _http.SendAsync(request, Cancellation);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject());
    }
}
