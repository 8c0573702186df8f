using System.Net;
using CloudTicks.Functions.Hosting.Http;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Hosting.Tests.Http;

public class LocalRuleTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:9100", true)]
    [InlineData("127.0.0.1", "localhost", true)]
    [InlineData("::ffff:127.0.0.1", "LOCALHOST:7071", true)]
    [InlineData("::1", "[::1]:7071", true)]
    [InlineData("127.0.0.1", "rebound.example", false)]
    [InlineData("127.0.0.1", "127.0.0.1.example", false)]
    [InlineData("192.168.1.2", "localhost", false)]
    [InlineData("127.0.0.1", "", false)]
    public void Function_that_wants_a_key_is_for_this_machine_under_its_own_name(string address, string host, bool passes)
    {
        var http = new DefaultHttpContext();
        (http.Request.Host, http.Connection.LocalIpAddress) = (new HostString(host), IPAddress.Parse(address));

        (LocalRule.Refusal(http) is null).ShouldBe(passes);
    }
}
