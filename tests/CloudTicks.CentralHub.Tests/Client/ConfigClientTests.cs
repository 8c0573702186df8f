using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Client;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;

namespace CloudTicks.CentralHub.Tests.Client;

public sealed class ConfigClientTests : IDisposable
{
    private const string Service = "polygon-live-collector";

    private static readonly JsonObject SafeDefaults = new() { ["operational"] = new JsonObject { ["symbols"] = new JsonArray("EURUSD") } };

    private readonly TemporaryFolder _folder = new();

    // It stands still: the hub is not given up because this machine is slow.
    private readonly TestTime _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_hub_and_file_away_it_answers_the_safe_defaults()
    {
        await using var client = new ConfigClient(Service, SafeDefaults, Options($"http://127.0.0.1:{FreePort.Choose()}"));

        await client.InitAsync(Cancelled);

        var config = await client.GetConfigAsync(Cancelled);
        JsonNode.DeepEquals(config, SafeDefaults).ShouldBeTrue();
        client.Version.ShouldBeNull();
        // A copy: what the caller does with it is his.
        config.Clear();
        (await client.GetConfigAsync(Cancelled)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Document_of_the_hub_is_answered_and_followed()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, """{"operational":{"symbols":["EURUSD","AAPL"]}}""");
        await using var client = new ConfigClient(Service, SafeDefaults, Options(hub.Address));

        (await client.GetConfigAsync(Cancelled))["operational"]!["symbols"]!.AsArray().Count.ShouldBe(2);
        client.Version.ShouldBe(1);

        hub.Set(2, """{"operational":{"symbols":[]}}""");
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (client.Version != 2)
        {
            await look.WaitForNextTickAsync(Cancelled);
        }

        (await client.GetConfigAsync(Cancelled))["operational"]!["symbols"]!.AsArray().Count.ShouldBe(0);
    }

    [Fact]
    public async Task With_the_hub_away_it_answers_what_was_kept_on_disk()
    {
        string address;
        await using (var hub = ScriptedHub.Start())
        {
            address = hub.Address;
            hub.Set(5, """{"operational":{"symbols":["AAPL"]}}""");
            await using var first = new ConfigClient(Service, SafeDefaults, Options(address));
            await first.InitAsync(Cancelled);
        }

        await using var second = new ConfigClient(Service, SafeDefaults, Options(address));

        (await second.GetConfigAsync(Cancelled))["operational"]!["symbols"]![0]!.GetValue<string>().ShouldBe("AAPL");
        second.Version.ShouldBe(5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../secrets")]
    [InlineData("a b")]
    public void Name_that_is_none_of_a_service_is_refused(string service) =>
        Should.Throw<ArgumentException>(() => new ConfigClient(service, SafeDefaults, Options("127.0.0.1:7000")));

    public void Dispose() => _folder.Dispose();

    private ConfigClientOptions Options(string endpoint) => new() { Endpoint = endpoint, Folder = _folder.Path, Time = _time };
}
