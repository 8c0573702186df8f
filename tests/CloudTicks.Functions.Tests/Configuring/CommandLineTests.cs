using System.Text.Json.Nodes;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests.Configuring;

/// <summary>The program <c>cloudticks</c> against a real central hub.</summary>
public sealed class CommandLineTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestSystem _system = null!;
    private string _address = "";

    public async ValueTask InitializeAsync()
    {
        _system = await TestSystem.StartAsync(postgres);
        var functions = await _system.StartFunctionsAsync();
        await functions.UntilHealthAsync(200);
        _address = (await functions.AddressAsync()).Authority;
    }

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    [Fact]
    public async Task Document_is_changed_read_and_rolled_back()
    {
        var set = await RunAsync(
            "config", "set", "symbols=EURUSD,XAUUSD,GBPUSD,EURAUD", "rate_limit_per_second=7", "--comment", "fewer pairs");
        set.Output.ShouldContain("+ subscribe EURAUD\n- unsubscribe USDJPY\n");
        set.Output.ShouldEndWith("Version 1 of polygon-live-collector is in force.\n");
        (await RunAsync("symbols", "list")).Output.ShouldBe("EURUSD\nXAUUSD\nGBPUSD\nEURAUD\n");
        (await RunAsync("config", "diff", "0", "1")).Output.ShouldContain("+     \"rate_limit_per_second\": 7,");

        (await RunAsync("config", "rollback", "0")).Output.ShouldContain("~ rate_limit_per_second: 7 -> 5");
        (await RunAsync("config", "set", "tick-functions", "retention_days", "5")).Output.ShouldContain("Version 1 of tick-functions");

        var history = JsonNode.Parse((await RunAsync("config", "history", "--json")).Output)!["versions"]!.AsArray();
        history.Select(version => version!["action"]!.ToString()).ShouldBe(["rollback", "patch"]);
        history[1]!["comment"]!.ToString().ShouldBe("fewer pairs");
        var output = (await RunAsync("config", "history")).Output;
        output.ShouldContain("fewer pairs\n");
        output.ShouldContain("+ subscribe EURAUD\n");
    }

    [Fact]
    public async Task Service_is_registered_configured_and_unregistered()
    {
        using var folder = new TemporaryFolder();
        var (schema, defaults) = (folder.File("schema.json"), folder.File("defaults.json"));
        await File.WriteAllTextAsync(
            schema, """{"properties":{"letters":{"maximum":100},"smtp":{}},"additionalProperties":false}""",
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(defaults, """{"letters":10}""", TestContext.Current.CancellationToken);
        string[] register = ["services", "register", "mailer", "--schema", schema, "--defaults", defaults];

        (await RunAsync([.. register, "--dry-run"])).Output.ShouldBe("Dry run, nothing was changed: mailer is registered, revision 1.\n");
        (await RunAsync("config", "get", "mailer")).Code.ShouldBe(1);
        (await RunAsync(register)).Output.ShouldBe("mailer is registered, revision 1.\n");
        (await RunAsync("config", "set", "mailer", "letters=50", "smtp.host=mail")).Output.ShouldContain("~ letters: 10 -> 50\n");
        (await RunAsync("config", "get", "mailer", "smtp.host")).Output.ShouldBe("mail\n");
        (await RunAsync("config", "set", "mailer", "letters=101")).Errors.ShouldContain("/letters: It is 101; the maximum is 100.");
        (await RunAsync("config", "set", "mailer", "letter=1")).Errors.ShouldContain("did you mean letters?");
        (await RunAsync("config", "rollback", "mailer", "0")).Output.ShouldContain("Version 2 of mailer is in force.");
        (await RunAsync("services", "list")).Output.ShouldContain("mailer  version 2, registered ");
        (await RunAsync("services", "show", "mailer")).Output.ShouldContain("\"maximum\": 100");
        (await RunAsync("services", "unregister", "mailer")).Output.ShouldBe("mailer is unregistered.\n");
        (await RunAsync("services", "show", "mailer")).Code.ShouldBe(1);
        (await RunAsync("services", "unregister", "tick-functions")).Code.ShouldBe(3);
    }

    [Fact]
    public async Task Concurrent_symbol_edits_are_all_kept()
    {
        string[] added = ["AAPL", "MSFT", "TSLA", "NVDA"];
        string[] removed = ["USDJPY", "XAGUSD"];

        var results = await Task.WhenAll(
            added.Select(symbol => RunAsync("symbols", "add", symbol))
                .Concat(removed.Select(symbol => RunAsync("symbols", "remove", symbol))));

        results.ShouldAllBe(result => result.Code == 0);
        var symbols = (await RunAsync("symbols", "list")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        symbols.Length.ShouldBe(14 + added.Length - removed.Length);
        symbols.ShouldBeSubsetOf([.. symbols.Except(removed)]);
        added.ShouldBeSubsetOf(symbols);
    }

    [Fact]
    public async Task Rollout_is_listed_set_paused_resumed_and_rolled_back()
    {
        (await RunAsync("rollout", "list")).Output.ShouldContain("There are no rollouts");
        const string document = """
            {"operational":{"symbols":["EURUSD"],"rollouts":[{"flag":"metals","list":"metals","guard":{"window":60,"max_missing_acks":0}}]},
             "feature_management":{"feature_flags":[{"id":"metals","enabled":true,"conditions":{"client_filters":[
               {"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":0}}}]}}]}}
            """;
        (await RunAsync("config", "set", document)).Code.ShouldBe(0);

        var set = await RunAsync("rollout", "set", "metals", "100", "--comment", "all of it");
        set.Output.ShouldContain("+ subscribe XAUUSD\n");
        set.Output.ShouldEndWith("Version 2 of polygon-live-collector is in force.\n");
        var output = (await RunAsync("rollout", "list", "metals")).Output;
        output.ShouldStartWith("metals: 100 % of metals, 4 of 4 symbols on\n  version 2 by local, ");
        output.ShouldContain(": all of it\n  guard: max_missing_acks 0, within 60 s of a step; watches until ");
        output.ShouldEndWith("+ XAUUSD\n+ XAGUSD\n+ XPTUSD\n+ XPDUSD\n");

        (await RunAsync("rollout", "pause", "metals")).Output.ShouldContain("- unsubscribe XAUUSD\n");
        (await RunAsync("rollout", "list")).Output.ShouldStartWith("metals: 100 % of metals, paused, 0 of 4 symbols on\n");
        (await RunAsync("rollout", "rollback", "metals")).Code.ShouldBe(3);
        (await RunAsync("rollout", "resume", "metals")).Output.ShouldContain("+ subscribe XAUUSD\n");
        (await RunAsync("rollout", "rollback", "metals", "--dry-run")).Output.ShouldContain("Dry run");
        (await RunAsync("rollout", "rollback", "metals")).Output.ShouldContain("- unsubscribe XAUUSD\n");
        var json = JsonNode.Parse((await RunAsync("rollout", "list", "--json")).Output)!;
        (json["version"]!.GetValue<int>(), json["rollouts"]![0]!["percentage"]!.GetValue<double>()).ShouldBe((5, 0));

        (await RunAsync("rollout", "set", "metals", "101")).Code.ShouldBe(2);
        var missing = await RunAsync("rollout", "set", "gold", "1");
        (missing.Code, missing.Errors.Contains("the flags are metals", StringComparison.Ordinal)).ShouldBe((1, true));
        (await RunAsync("rollout", "list", "gold")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task Refusals_name_every_fault_and_have_exit_codes()
    {
        var refused = await RunAsync("config", "set", """{"operational":{"simbols":[],"batch_interval":-1,"lists":["sp-50"]}}""");
        refused.Code.ShouldBe(4);
        refused.Errors.ShouldContain("/operational/simbols: There is no field 'simbols' here (did you mean symbols?");
        refused.Errors.ShouldContain("/operational/batch_interval: It is -1; the allowed range is 0 to 60.");
        refused.Errors.ShouldContain("did you mean sp-500?");

        (await RunAsync("config", "set", "feed=quotes", "--if-match", "\"7-000000000000\"")).Code.ShouldBe(3);
        (await RunAsync("config", "rollback", "9")).Code.ShouldBe(1);
        (await RunAsync("config", "set", "feed=quotes", "--comment", new string('x', 100_000))).Code.ShouldNotBe(0);
        (await RunAsync("config", "get", "--json")).Output.ShouldContain("\"version\":0");
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => CliProgram.RunAsync(_address, arguments);
}
