using System.Net;
using CloudTicks.Functions.Hosting.Http;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Hosting.Tests.Http;

public class WriteRuleTests
{
    [Theory]
    [InlineData("POST", "127.0.0.1", "127.0.0.1:9100", true)]
    [InlineData("POST", "127.0.0.1", "localhost", true)]
    [InlineData("POST", "::ffff:127.0.0.1", "LOCALHOST:7071", true)]
    [InlineData("DELETE", "::1", "[::1]:7071", true)]
    [InlineData("GET", "192.168.1.2", "example.com", true)]
    [InlineData("POST", "127.0.0.1", "rebound.example", false)]
    [InlineData("POST", "127.0.0.1", "127.0.0.1.example", false)]
    [InlineData("POST", "192.168.1.2", "localhost", false)]
    [InlineData("PATCH", "127.0.0.1", "", false)]
    public void Writing_is_for_this_machine_under_its_own_name(string method, string address, string host, bool passes)
    {
        var http = new DefaultHttpContext();
        (http.Request.Method, http.Request.Host, http.Connection.LocalIpAddress) = (method, new HostString(host), IPAddress.Parse(address));

        (WriteRule.Refusal(http) is null).ShouldBe(passes);
    }
}
