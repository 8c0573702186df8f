using System.Net.Sockets;
using CloudTicks.TestServices;

namespace CloudTicks.LocalServices.Tests.TestServices;

public sealed class EventHubProcessTests
{
    [Fact]
    public async Task Killed_event_hub_restarts_on_its_port_and_folder()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var (port, folder) = (hub.Port, hub.DataFolder);
        await ConnectAsync(hub);

        await hub.KillAsync();
        await Should.ThrowAsync<SocketException>(() => ConnectAsync(hub));
        await hub.RestartAsync(TestContext.Current.CancellationToken);

        (hub.Port, hub.DataFolder).ShouldBe((port, folder));
        await ConnectAsync(hub);
        Directory.EnumerateFileSystemEntries(folder).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Failed_start_is_reported_with_the_log()
    {
        var failed = await Should.ThrowAsync<InvalidOperationException>(
            () => EventHubProcess.StartAsync(
                arguments: ["--no-such-option", "1"], cancellationToken: TestContext.Current.CancellationToken));

        failed.Message.ShouldContain("The event hub did not start (exit code ");
    }

    private static async Task ConnectAsync(EventHubProcess hub)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", hub.Port, TestContext.Current.CancellationToken);
    }
}
