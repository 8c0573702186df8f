using System.Net;
using System.Net.Sockets;
using CloudTicks.TestServices;

namespace ServiceDefaults.Tests.Starting;

public sealed class ProgramStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cloudticks")]
    [MemberData(nameof(Services.All), MemberType = typeof(Services))]
    public async Task Help_is_printed_without_a_single_setting(string program)
    {
        foreach (var option in (string[])["--help", "-h"])
        {
            await using var service = await ServiceProcess.StartAsync(program, [option]);

            (await service.Exited.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(0, service.ToString());

            service.Errors.ShouldBeEmpty();
            service.Output.ShouldContain(line => line.Contains("--help", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Services.All), MemberType = typeof(Services))]
    public async Task Help_of_a_service_names_its_options_and_exit_codes(string program)
    {
        await using var service = await ServiceProcess.StartAsync(program, ["--help"]);

        (await service.Exited.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(0, service.ToString());

        service.Output.ShouldAllBe(line => line.Length <= 140);
        service.ToString().ShouldContain($"{program} ");
        service.ToString().ShouldContain("--log-level LEVEL");
        service.Output.Last().ShouldStartWith("Exit codes: 0 stopped on request; 1 failed");
    }

    [Theory]
    [MemberData(nameof(Services.All), MemberType = typeof(Services))]
    public async Task Unknown_option_is_refused_and_the_nearest_is_suggested(string program)
    {
        await using var service = await ServiceProcess.StartAsync(program, ["--log-levle", "INFO"], await SettingsAsync());

        (await service.Exited.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(2, service.ToString());

        service.Errors.ShouldHaveSingleItem().ShouldStartWith("--log-levle is not an option of the ");
        service.ToString().ShouldContain("did you mean --log-level?");
    }

    [Theory]
    [MemberData(nameof(Services.All), MemberType = typeof(Services))]
    public async Task Taken_port_ends_the_start_with_one_sentence(string program)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://{other.LocalEndpoint}";

        await using var service = await ServiceProcess.StartAsync(program, Arguments(program, url), await SettingsAsync());

        (await service.Exited.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(2, service.ToString());
        service.Errors.ShouldHaveSingleItem(service.ToString())
            .ShouldBe($"Another program is already listening on {url}. Stop it, or choose another address with --urls (ASPNETCORE_URLS).");
        service.Lines.ShouldNotContain(line => line.Contains(" ERROR ", StringComparison.Ordinal), service.ToString());
    }

    [Fact]
    public async Task Taken_Kafka_port_prevents_the_start()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await using var hub = await ServiceProcess.StartAsync(
            "CloudTicks.EventHub", ["--data", _folder.File("hub"), "--port", $"{port}", "--health-port", "0"]);

        (await hub.Exited.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(2, hub.ToString());
        hub.Errors.ShouldHaveSingleItem(hub.ToString()).ShouldStartWith($"Cannot listen on 127.0.0.1:{port}: ");
    }

    private string[] Arguments(string program, string url) =>
        program == "CloudTicks.EventHub" ? ["--data", _folder.File("hub"), "--port", "0", "--urls", url] : ["--urls", url];

    private async Task<Dictionary<string, string?>> SettingsAsync()
    {
        var installation = await TestInstallation.GetAsync();
        return new()
        {
            ["CLOUDTICKS_LIBRDKAFKA"] = installation.Librdkafka,
            ["CLOUDTICKS_LIBNATS"] = installation.Libnats,
            ["POLYGON_API_KEY"] = "key",
            ["Polygon__Endpoint"] = "ws://127.0.0.1:1",
            ["Collector__DataFolder"] = _folder.File("collector"),
            ["CentralHub__Folder"] = _folder.File("central-hub"),
            ["ConnectionStrings__eventhubs"] = "127.0.0.1:1",
            ["ConnectionStrings__nats"] = "nats://127.0.0.1:1",
            ["ConnectionStrings__timescale"] = "Host=127.0.0.1;Port=1;Database=ticks",
        };
    }
}
