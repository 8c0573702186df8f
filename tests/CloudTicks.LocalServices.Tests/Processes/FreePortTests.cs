using System.Net;
using System.Net.Sockets;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Tests.Processes;

public sealed class FreePortTests
{
    [Fact]
    public void Preferred_port_is_taken_when_it_is_free_and_replaced_when_it_is_not()
    {
        var preferred = FreePort.Choose();
        FreePort.Choose(preferred).ShouldBe(preferred);

        using var listener = new TcpListener(IPAddress.Any, preferred);
        listener.Start();

        var other = FreePort.Choose(preferred);
        other.ShouldNotBe(preferred);
        FreePort.IsFree(other).ShouldBeTrue();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65536)]
    public void Number_that_is_no_port_is_refused(int port) =>
        Should.Throw<ArgumentOutOfRangeException>(() => FreePort.Choose(port));
}
