using System.Text.Json;
using System.Text.RegularExpressions;
using CloudTicks.LocalServices.Processes;

namespace ServiceDefaults.Tests;

public sealed partial class ProgramLinesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cloudticks-lines-");

    private string[] HubArguments => ["--data", _folder.FullName, "--port", "0", "--health-port", "0"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Services.All), MemberType = typeof(Services))]
    public async Task Unknown_level_is_refused_with_the_four_names(string program)
    {
        await using var service = await ServiceProcess.StartAsync(program, ["--log-level", "LOUD"]);

        (await service.Exited.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(2, service.ToString());

        service.Errors.ShouldHaveSingleItem().ShouldBe("--log-level must be one of DEBUG, INFO, WARNING, ERROR, not 'LOUD'.");
        service.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("CloudTicks.Collector", "--Collector:Fed", "Both", "--Collector:Fed is not a setting; did you mean Feed?")]
    [InlineData(
        "CloudTicks.Collector", "--Collector:Feed", "All", "--Collector:Feed is 'All', which is not one of both, quotes or trades.")]
    [InlineData(
        "CloudTicks.Collector", "--Collector:BatchInterval", "61s", "--Collector:BatchInterval must be between 0s and 1m.")]
    [InlineData(
        "CloudTicks.Dashboard", "--Dashboard:Functons", "http://127.0.0.1:1",
        "--Dashboard:Functons is not a setting; did you mean Functions?")]
    [InlineData("CloudTicks.Dashboard", "--Dashboard:Functions", "nowhere", "Dashboard__Functions is not an address")]
    [InlineData(
        "CloudTicks.Collector", "--Polygon:ReconnectDelay", "5000s", "--Polygon:ReconnectDelay must be between 0s and 1m.")]
    [InlineData(
        "CloudTicks.EventHub", "--EventHub:MaxConections", "2", "--EventHub:MaxConections is not a setting; did you mean MaxConnections?")]
    [InlineData(
        "CloudTicks.EventHub", "--EventHub:MaxConnections", "many", "EventHub:MaxConnections is 'many', which is not a whole number")]
    [InlineData("CloudTicks.EventHub", "--EventHub:MaxConnections", "0", "--EventHub:MaxConnections must be between 1 and 100000.")]
    [InlineData("CloudTicks.Functions", "--Timescale:Writrs", "2", "--Timescale:Writrs is not a setting; did you mean Writers?")]
    [InlineData("CloudTicks.Functions", "--Timescale:Writers", "99", "--Timescale:Writers must be between 1 and 16.")]
    [InlineData(
        "CloudTicks.Functions", "--FunctionsHosting:DrainTimeout", "soon", "FunctionsHosting:DrainTimeout is 'soon', which is not a time")]
    [InlineData("CloudTicks.Simulator", "--Simulator:Rte", "5", "--Simulator:Rte is not a setting; did you mean Rate?")]
    [InlineData("CloudTicks.Simulator", "--Simulator:Rate", "fast", "Simulator:Rate is 'fast', which is not a whole number")]
    [InlineData("CloudTicks.Simulator", "--Simulator:Rate", "0", "Simulator:Rate must be between 1 and 10000000 ticks per second, not 0")]
    public async Task Wrong_setting_ends_the_start_with_one_line_that_names_it(
        string program, string setting, string value, string sentence)
    {
        string[] arguments = program == "CloudTicks.EventHub" ? HubArguments : ["--urls", "http://127.0.0.1:0"];

        await using var service = await ServiceProcess.StartAsync(program, [.. arguments, setting, value], new()
        {
            ["POLYGON_API_KEY"] = "key",
            ["Polygon__Endpoint"] = "ws://127.0.0.1:1",
            ["ConnectionStrings__eventhubs"] = "127.0.0.1:1",
            ["ConnectionStrings__nats"] = "nats://127.0.0.1:1",
            ["ConnectionStrings__timescale"] = "Host=127.0.0.1;Port=1;Database=none",
        });

        (await service.Exited.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(2, service.ToString());
        service.Lines.ShouldHaveSingleItem().ShouldContain(sentence);
    }

    [Fact]
    public async Task Unknown_environment_level_is_refused_with_its_variable_name()
    {
        await using var service = await ServiceProcess.StartAsync("CloudTicks.Simulator", [], new() { ["LOG_LEVEL"] = "VERBOSE" });

        (await service.Exited.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(2, service.ToString());

        service.Errors.ShouldHaveSingleItem().ShouldBe("LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, not 'VERBOSE'.");
    }

    [Fact]
    public async Task Lines_are_plain_and_of_level_INFO_by_default()
    {
        await using var hub = await ServiceProcess.StartAsync("CloudTicks.EventHub", HubArguments);
        var listening = await hub.LineAsync("listening on");
        await hub.LineAsync("health on");

        (await hub.StopAsync()).ShouldBe(0);

        listening.ShouldMatch(@"^\d\d:\d\d:\d\d\.\d{3} INFO  EventHubService  listening on 127\.0\.0\.1:\d+, data in /");
        hub.Lines.ShouldAllBe(line => PlainLine().IsMatch(line));
        hub.ToString().ShouldNotContain("Ctrl+C");
        hub.ToString().ShouldNotContain("DEBUG");
    }

    [Fact]
    public async Task Lines_are_JSON_objects_on_request()
    {
        await using var hub = await ServiceProcess.StartAsync("CloudTicks.EventHub", ["--log-json", .. HubArguments]);
        using var listening = JsonDocument.Parse(await hub.LineAsync("listening on"));
        await hub.LineAsync("health on");

        (await hub.StopAsync()).ShouldBe(0);

        listening.RootElement.GetProperty("level").GetString().ShouldBe("INFO");
        listening.RootElement.GetProperty("category").GetString().ShouldBe("CloudTicks.EventHub.Hosting.EventHubService");
        listening.RootElement.GetProperty("values").GetProperty("Folder").GetString().ShouldBe(_folder.FullName);
        foreach (var line in hub.Lines)
        {
            using var json = JsonDocument.Parse(line);
            json.RootElement.GetProperty("time").GetString().ShouldNotBeNull().ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
            json.RootElement.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        }
    }

    [Fact]
    public async Task Command_line_level_overrides_the_environment()
    {
        await using var hub = await ServiceProcess.StartAsync(
            "CloudTicks.EventHub", ["--log-level", "info", .. HubArguments], new() { ["LOG_LEVEL"] = "ERROR" });

        (await hub.LineAsync("listening on")).ShouldMatch(PlainLine().ToString());
    }

    [Fact]
    public async Task Level_WARNING_hides_informational_lines()
    {
        var url = $"http://127.0.0.1:{FreePort.Choose()}";
        await using var hub = await ServiceProcess.StartAsync(
            "CloudTicks.EventHub", [.. HubArguments, "--urls", url], new() { ["LOG_LEVEL"] = "WARNING" });
        using var http = new HttpClient();
        while (!await IsAliveAsync(http, new Uri($"{url}/alive")))
        {
            await Task.Yield();
        }

        await hub.StopAsync();

        hub.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Secrets_are_in_no_line_of_a_failing_start()
    {
        const string Canary = "canaryQWxhcm0hIFRoaXMgaXMgbm90IGEga2V5";
        await using var collector = await ServiceProcess.StartAsync(
            "CloudTicks.Collector", ["--urls", "http://127.0.0.1:0", "--log-level", "DEBUG"], new()
            {
                ["POLYGON_API_KEY"] = Canary,
                ["Polygon__Endpoint"] = "ws://127.0.0.1:1",
                ["ConnectionStrings__eventhubs"] = $"Endpoint=sb://127.0.0.1:1/;SharedAccessKeyName=name;SharedAccessKey={Canary}",
            });
        await collector.LineAsync("127.0.0.1");
        await Task.WhenAny(collector.LineAsync("WARNING"), collector.Exited);

        await collector.StopAsync();

        collector.Lines.ShouldNotBeEmpty();
        collector.ToString().ShouldNotContain("canary");
    }

    private static async Task<bool> IsAliveAsync(HttpClient http, Uri address)
    {
        try
        {
            using var response = await http.GetAsync(address, TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d{3} (DEBUG|INFO |WARNING|ERROR) [A-Za-z0-9_\[\]`]+  \S")]
    private static partial Regex PlainLine();
}
