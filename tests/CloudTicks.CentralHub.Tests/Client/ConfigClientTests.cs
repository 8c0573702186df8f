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

    // The clock is stopped, so that a slow machine causes no timeout.
    private readonly TestTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_without_hub_and_file_returns_safe_defaults()
    {
        await using var client = new ConfigClient(Service, SafeDefaults, Options($"http://127.0.0.1:{FreePort.Choose()}"));

        await client.InitAsync(Cancellation);

        var config = await client.GetConfigAsync(Cancellation);
        JsonNode.DeepEquals(config, SafeDefaults).ShouldBeTrue();
        client.Version.ShouldBeNull();
        // The caller receives a copy.
        config.Clear();
        (await client.GetConfigAsync(Cancellation)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Client_returns_and_follows_the_document_of_the_hub()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, """{"operational":{"symbols":["EURUSD","AAPL"]}}""");
        await using var client = new ConfigClient(Service, SafeDefaults, Options(hub.Address));

        (await client.GetConfigAsync(Cancellation))["operational"]!["symbols"]!.AsArray().Count.ShouldBe(2);
        client.Version.ShouldBe(1);

        hub.Set(2, """{"operational":{"symbols":[]}}""");
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (client.Version != 2)
        {
            await poll.WaitForNextTickAsync(Cancellation);
        }

        (await client.GetConfigAsync(Cancellation))["operational"]!["symbols"]!.AsArray().Count.ShouldBe(0);
    }

    [Fact]
    public async Task Client_without_hub_returns_the_document_on_disk()
    {
        string address;
        await using (var hub = ScriptedHub.Start())
        {
            address = hub.Address;
            hub.Set(5, """{"operational":{"symbols":["AAPL"]}}""");
            await using var first = new ConfigClient(Service, SafeDefaults, Options(address));
            await first.InitAsync(Cancellation);
        }

        await using var second = new ConfigClient(Service, SafeDefaults, Options(address));

        (await second.GetConfigAsync(Cancellation))["operational"]!["symbols"]![0]!.GetValue<string>().ShouldBe("AAPL");
        second.Version.ShouldBe(5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../secrets")]
    [InlineData("a b")]
    public void Invalid_service_name_is_refused(string service) =>
        Should.Throw<ArgumentException>(() => new ConfigClient(service, SafeDefaults, Options("127.0.0.1:7000")));

    public void Dispose() => _folder.Dispose();

    private ConfigClientOptions Options(string endpoint) => new() { Endpoint = endpoint, Folder = _folder.Path, Time = _time };
}
