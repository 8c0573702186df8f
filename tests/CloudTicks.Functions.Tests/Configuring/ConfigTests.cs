using System.Net;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests.Configuring;

public sealed class ConfigTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Path = "/" + HubClient.Collector;
    private const string FourSymbols = """{"operational":{"symbols":["EURUSD","XAUUSD","GBPUSD","EURAUD"]}}""";

    private TestSystem _system = null!;
    private HubClient _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _system = await TestSystem.StartAsync(postgres);
        _hub = await StartHubAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _hub.Dispose();
        await _system.DisposeAsync();
    }

    [Fact]
    public async Task Document_before_any_change_is_the_defaults_as_version_0()
    {
        var response = (await _hub.GetAsync(Path)).Is(HttpStatusCode.OK);

        response.Version.ShouldBe(0);
        response.Symbols.Length.ShouldBe(14);
        response.MediaType.ShouldBe("application/json");
    }

    [Fact]
    public async Task Patch_replaces_whole_arrays_and_keeps_other_fields()
    {
        var change = (await _hub.PostAsync(Path, FourSymbols)).Is(HttpStatusCode.OK);
        var document = await _hub.GetAsync(Path);

        change.Json["service"]!.GetValue<string>().ShouldBe(HubClient.Collector);
        change.Json["version"]!.GetValue<int>().ShouldBe(1);
        change.Json["dry_run"]!.GetValue<bool>().ShouldBeFalse();
        change.Json["changes"]!.AsArray().ShouldNotBeEmpty();
        document.Symbols.ShouldBe(["EURUSD", "XAUUSD", "GBPUSD", "EURAUD"]);
        document.Json["operational"]!["rate_limit_per_second"]!.GetValue<int>().ShouldBe(5);
        document.Tag.ShouldBe(change.Tag);
        document.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Known_document_is_not_sent_again()
    {
        var first = await _hub.GetAsync(Path);

        var second = await _hub.GetAsync(Path, first.Tag);
        var changed = await _hub.PostAsync(Path, FourSymbols);

        second.Is(HttpStatusCode.NotModified).Text.ShouldBeEmpty();
        second.Tag.ShouldBe(first.Tag);
        (await _hub.GetAsync(Path, first.Tag)).Is(HttpStatusCode.OK);
        (await _hub.GetAsync(Path, $"W/{changed.Tag}, \"other\"")).Is(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Second_editor_with_the_same_tag_gets_a_conflict()
    {
        var read = await _hub.GetAsync(Path);

        var responses = await Task.WhenAll(
            _hub.PostAsync(Path, HubClient.Symbols("EURUSD"), read.Tag), _hub.PostAsync(Path, HubClient.Symbols("GBPUSD"), read.Tag));

        var loser = responses.Single(response => response.Status == HttpStatusCode.PreconditionFailed);
        var winner = responses.Single(response => response != loser).Is(HttpStatusCode.OK);
        loser.MediaType.ShouldBe("application/problem+json");
        loser.Json["version"]!.GetValue<int>().ShouldBe(1);
        loser.Tag.ShouldBe(winner.Tag);
        (await _hub.GetAsync(Path)).Symbols.ShouldBe(winner.Symbols);
    }

    [Fact]
    public async Task Concurrent_writers_lose_no_update()
    {
        const int writers = 20;
        (await _hub.PostAsync(Path, """{"operational":{"rollouts":null}}""")).Is(HttpStatusCode.OK);
        using var other = await StartHubAsync();

        await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var hub = writer % 2 == 0 ? _hub : other;
            while (true)
            {
                // Each writer adds a different symbol to the document that it read. On a busy machine the hub may respond with 503
                // although it stores the change; the hub's client then repeats the request.
                var symbol = $"T{(char)('A' + writer)}";
                var read = await hub.GetAsync(Path);
                if (read.Symbols.Contains(symbol))
                {
                    return;
                }

                var response = await hub.PostAsync(Path, HubClient.Symbols([.. read.Symbols, symbol]), read.Tag);
                if (response.Status != HttpStatusCode.PreconditionFailed)
                {
                    response.Is(HttpStatusCode.OK);
                    return;
                }
            }
        }));

        var document = await _hub.GetAsync(Path);
        document.Symbols.Length.ShouldBe(14 + writers);
        document.Version.ShouldBe(1 + writers);
    }

    [Fact]
    public async Task Put_needs_a_condition_and_replaces_the_document()
    {
        (await _hub.PutAsync(Path, FourSymbols)).Is(HttpStatusCode.PreconditionRequired);
        var read = await _hub.GetAsync(Path);

        var replacement = (await _hub.PutAsync(Path, FourSymbols, read.Tag)).Is(HttpStatusCode.OK);

        replacement.Version.ShouldBe(1);
        (await _hub.GetAsync(Path)).Text.ShouldBe(FourSymbols);
        (await _hub.PutAsync(Path, """{"operational":{"symbols":["EURUSD"]}}""", read.Tag)).Is(HttpStatusCode.PreconditionFailed);
        (await _hub.PutAsync(Path, """{"operational":{"symbols":["EURUSD"]}}""", "*")).Is(HttpStatusCode.OK).Version.ShouldBe(2);
        (await _hub.PutAsync(Path, FourSymbols, "no-tag")).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Dry_run_only_reports_the_difference()
    {
        var dryRun = (await _hub.PostAsync($"{Path}?dryRun=true", FourSymbols)).Is(HttpStatusCode.OK);

        dryRun.Json["dry_run"]!.GetValue<bool>().ShouldBeTrue();
        dryRun.Json["changes"]!.AsArray().ShouldNotBeEmpty();
        dryRun.Symbols.Length.ShouldBe(4);
        dryRun.Version.ShouldBe(0);
        (await _hub.GetAsync(Path)).Version.ShouldBe(0);
        (await _system.QueryAsync<long>("SELECT count(*) FROM audit_log")).ShouldBe(0);
    }

    [Theory]
    [InlineData("{", "It is not valid JSON")]
    [InlineData("[1]", "It is not a JSON object")]
    [InlineData("""{"operational":{"symbols":["EURUSD"],"symbols":["GBPUSD"]}}""", "It is not valid JSON")]
    public async Task Body_that_is_not_an_object_is_refused(string body, string why)
    {
        var response = (await _hub.PostAsync(Path, body)).Is(HttpStatusCode.BadRequest);

        response.MediaType.ShouldBe("application/problem+json");
        response.Json["errors"]![0]!["pointer"]!.GetValue<string>().ShouldBe("");
        response.Json["errors"]![0]!["detail"]!.GetValue<string>().ShouldContain(why);
        (await _hub.GetAsync(Path)).Version.ShouldBe(0);
    }

    [Fact]
    public async Task Body_that_is_too_large_or_too_deep_is_refused()
    {
        (await _hub.PostAsync(Path, new string(' ', 300_000))).Is(HttpStatusCode.RequestEntityTooLarge);
        (await _hub.PostAsync(Path, $"{new string('[', 100)}{new string(']', 100)}")).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task History_has_each_version_and_can_be_rolled_back()
    {
        await _hub.PostAsync($"{Path}?comment=four%20pairs", FourSymbols);
        await _hub.PostAsync(Path, HubClient.Symbols("EURUSD"));
        var rolledBack = (await _hub.PostAsync($"{Path}/rollback/1", null)).Is(HttpStatusCode.OK);
        var defaults = (await _hub.PostAsync($"{Path}/rollback/0", null)).Is(HttpStatusCode.OK);

        var history = (await _hub.GetAsync($"{Path}/history")).Json["versions"]!.AsArray();
        var page = (await _hub.GetAsync($"{Path}/history?before=3&limit=1")).Json["versions"]!.AsArray();
        var first = (await _hub.GetAsync($"{Path}/versions/1")).Json;

        rolledBack.Symbols.Length.ShouldBe(4);
        defaults.Symbols.Length.ShouldBe(14);
        history.Select(version => version!["version"]!.GetValue<int>()).ShouldBe([4, 3, 2, 1]);
        history.Select(version => version!["action"]!.GetValue<string>()).ShouldBe(["rollback", "rollback", "patch", "patch"]);
        history[3]!["comment"]!.GetValue<string>().ShouldBe("four pairs");
        history[3]!["author"]!.GetValue<string>().ShouldNotBeEmpty();
        history[3]!["changes"]!.AsArray().ShouldNotBeEmpty();
        page.Select(version => version!["version"]!.GetValue<int>()).ShouldBe([2]);
        first["document"]!["operational"]!["symbols"]!.AsArray().Count.ShouldBe(4);
        (await _hub.GetAsync($"{Path}/versions/0")).Json["document"]!["operational"]!["symbols"]!.AsArray().Count.ShouldBe(14);
        (await _hub.GetAsync($"{Path}/versions/5")).Is(HttpStatusCode.NotFound);
        (await _hub.PostAsync($"{Path}/rollback/5", null)).Is(HttpStatusCode.NotFound);
        (await _system.QueryAsync<string>("SELECT string_agg(action || ' ' || subject, ', ' ORDER BY id) FROM audit_log")).ShouldBe(
            $"config.patch {HubClient.Collector} 1, config.patch {HubClient.Collector} 2, config.rollback {HubClient.Collector} 3, "
                + $"config.rollback {HubClient.Collector} 4");
    }

    [Fact]
    public async Task Document_of_another_program_version_can_be_read()
    {
        await _hub.PostAsync(Path, FourSymbols);
        await _system.ExecuteAsync(
            """UPDATE config_versions SET document = '{"operational":{"symbols":["EURUSD"],"of_yesterday":1},"gone":[]}'""");

        (await _hub.GetAsync(Path)).Is(HttpStatusCode.OK).Json["operational"]!["of_yesterday"]!.GetValue<int>().ShouldBe(1);
        (await _hub.GetAsync($"{Path}/versions/1")).Is(HttpStatusCode.OK);
        (await _hub.PutAsync(Path, FourSymbols, "*")).Is(HttpStatusCode.OK).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Change_without_effect_creates_no_version()
    {
        await _hub.PostAsync(Path, FourSymbols);

        var repeated = (await _hub.PostAsync(Path, FourSymbols)).Is(HttpStatusCode.OK);

        repeated.Json["changes"]!.AsArray().ShouldBeEmpty();
        repeated.Version.ShouldBe(1);
    }

    [Fact]
    public async Task Long_poll_ends_at_a_change_or_its_timeout()
    {
        using var other = await StartHubAsync();
        var read = await _hub.GetAsync(Path);
        var held = _hub.GetAsync($"{Path}?wait=60", read.Tag);

        (await other.PostAsync(Path, FourSymbols)).Is(HttpStatusCode.OK);

        (await held).Is(HttpStatusCode.OK).Version.ShouldBe(1);
        (await _hub.GetAsync($"{Path}?wait=1", (await held).Tag)).Is(HttpStatusCode.NotModified);
        (await _hub.GetAsync($"{Path}?wait=1")).Is(HttpStatusCode.OK);
        (await _hub.GetAsync($"{Path}?wait=61")).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Followers_are_listed_with_their_last_report()
    {
        await _hub.PostAsync(Path, FourSymbols);
        (await _hub.PostAsync($"{Path}/instances/here-1", """{"version":0,"state":"starting"}"""))
            .Is(HttpStatusCode.OK).Json["version"]!.GetValue<int>().ShouldBe(1);
        (await _hub.PostAsync($"{Path}/instances/here-1",
            """{"version":1,"state":"following","problem":null,"figures":{"received_ticks":12.5}}""")).Is(HttpStatusCode.OK);
        (await _hub.PostAsync($"{Path}/instances/here-2", """{"version":"one","state":"following"}""")).Is(HttpStatusCode.BadRequest)
            .Json["errors"]![0]!["pointer"]!.GetValue<string>().ShouldBe("/version");

        var list = (await _hub.GetAsync("")).Json["services"]!.AsArray();

        list.Select(service => service!["service"]!.GetValue<string>()).ShouldBe([HubClient.Collector, "tick-functions"]);
        list[0]!["version"]!.GetValue<int>().ShouldBe(1);
        var instance = list[0]!["instances"]!.AsArray().ShouldHaveSingleItem()!;
        instance["instance"]!.GetValue<string>().ShouldBe("here-1");
        instance["version"]!.GetValue<int>().ShouldBe(1);
        instance["figures"]!["received_ticks"]!.GetValue<double>().ShouldBe(12.5);
    }

    [Theory]
    [InlineData("dry_run")]
    [InlineData("dryRun")]
    public async Task Dry_run_parameter_has_a_current_and_an_old_name(string name)
    {
        (await _hub.PostAsync($"{Path}?{name}=true", FourSymbols)).Is(HttpStatusCode.OK).Json["dry_run"]!.GetValue<bool>().ShouldBeTrue();
        (await _hub.PostAsync($"{Path}?{name}=perhaps", FourSymbols)).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Doubtful_symbol_needs_force_only_once()
    {
        var doubtful = """{"operational":{"symbols":["EURUSD","NOTREAL"]}}""";
        (await _hub.PostAsync(Path, doubtful)).Is(HttpStatusCode.BadRequest).Text.ShouldContain("?force=true");

        (await _hub.PostAsync($"{Path}?force=true", doubtful)).Is(HttpStatusCode.OK);

        (await _hub.PostAsync(Path, """{"operational":{"rate_limit_per_second":9}}""")).Is(HttpStatusCode.OK);
        (await _hub.PostAsync(Path, """{"operational":{"symbols":["NOTREAL","aapl"]}}"""))
            .Is(HttpStatusCode.BadRequest).Text.ShouldNotContain("NOTREAL");
    }

    [Fact]
    public async Task Unknown_service_or_parameter_is_reported()
    {
        (await _hub.GetAsync("/polygon-collector")).Is(HttpStatusCode.NotFound).Text.ShouldContain(HubClient.Collector);
        (await _hub.PostAsync($"{Path}?dryrum=true", FourSymbols)).Is(HttpStatusCode.BadRequest);
        (await _hub.PostAsync($"{Path}?comment=password%3Dhunter2x9Qz7Lk4Wv", FourSymbols))
            .Is(HttpStatusCode.BadRequest).Text.ShouldNotContain("hunter2");
        (await _hub.GetAsync($"{Path}/schema")).Is(HttpStatusCode.OK).Json["$schema"]!.GetValue<string>().ShouldContain("2020-12");
    }

    [Fact]
    public async Task Defaults_are_those_of_the_program_patched_by_a_setting()
    {
        using var hub = await StartHubAsync(("CentralHub__Defaults__polygon-live-collector", HubClient.Symbols("AAPL")));

        var response = await hub.GetAsync(Path);
        var change = await hub.PostAsync(Path, """{"operational":{"rate_limit_per_second":9}}""");

        response.Symbols.ShouldBe(["AAPL"]);
        change.Symbols.ShouldBe(["AAPL"]);
    }

    private async Task<HubClient> StartHubAsync(params (string Name, string? Value)[] settings)
    {
        var functions = await _system.StartFunctionsAsync(settings);
        await functions.UntilHealthAsync(200);
        return new HubClient(await functions.AddressAsync(), isPatient: true);
    }
}
