using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Tests.Processes;

public sealed class FreePortTests
{
    [Fact]
    public void Preferred_port_is_chosen_when_it_is_free()
    {
        var preferred = FreePort.Choose();
        FreePort.Choose(preferred).ShouldBe(preferred);

        using var listener = new TcpListener(IPAddress.Any, preferred);
        listener.Start();

        var other = FreePort.Choose(preferred);
        other.ShouldNotBe(preferred);
        FreePort.IsFree(other).ShouldBeTrue();
    }

    [Fact]
    public async Task Chosen_port_is_reserved_while_its_process_lives()
    {
        const int portsPerProcess = 500; // so many of the 12,000 ports that unreserved random choices would collide
        await using var other = await ParentProgram.StartAsync(["ports", $"{portsPerProcess}"]);
        var theirs = (await other.ReadUntilAsync("ports ")).Split(' ')[1..].Select(port => int.Parse(port, CultureInfo.InvariantCulture));

        var ours = Enumerable.Range(0, portsPerProcess).Select(_ => FreePort.Choose()).ToList();

        theirs.Concat(ours).Distinct().Count().ShouldBe(2 * portsPerProcess);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65536)]
    public void Invalid_port_is_rejected(int port) =>
        Should.Throw<ArgumentOutOfRangeException>(() => FreePort.Choose(port));
}
