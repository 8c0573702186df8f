using CloudTicks.TestServices;

namespace ServiceDefaults.Tests.Starting;

public sealed class StopDuringStartTests
{
    [Theory]
    [MemberData(nameof(Services.All), MemberType = typeof(Services))]
    public async Task Service_stopped_before_its_start_stops_normally(string program)
    {
        using var folder = new TemporaryFolder();
        var installation = await TestInstallation.GetAsync();
        string[] arguments = program == "CloudTicks.EventHub"
            ? ["--data", folder.File("hub"), "--port", "0", "--health-port", "0"]
            : ["--urls", "http://127.0.0.1:0"];

        await using var service = await ServiceProcess.StartAsync(program, arguments, new()
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
            ["CLOUDTICKS_LIBRDKAFKA"] = installation.Librdkafka,
            ["CLOUDTICKS_LIBNATS"] = installation.Libnats,
            ["POLYGON_API_KEY"] = "key",
            ["Collector__DataFolder"] = folder.File("collector"),
            ["ConnectionStrings__eventhubs"] = "127.0.0.1:1",
            ["ConnectionStrings__nats"] = "nats://127.0.0.1:1",
            ["ConnectionStrings__timescale"] = "Host=127.0.0.1;Port=1;Database=ticks",
        });

        (await service.Exited.WaitAsync(TestContext.Current.CancellationToken)).ShouldBe(0, service.ToString());

        service.Lines.ShouldNotContain(
            line => line.Contains("Unhandled", StringComparison.Ordinal) || line.Contains(" ERROR ", StringComparison.Ordinal));
        service.Lines.ShouldNotContain(line => line.Contains("listening", StringComparison.OrdinalIgnoreCase), "it stops before listening");
    }
}
