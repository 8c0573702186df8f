using Microsoft.AspNetCore.Http;
using ServiceDefaults.Access;

namespace ServiceDefaults.Tests.Access;

public class LocalRuleTests
{
    [Theory]
    [InlineData(true, "http://127.0.0.1:7071")]
    [InlineData(true, "http://127.0.0.1:7071", "http://localhost:7000", "https://[::1]:9100", "http://127.9.9.9:1")]
    [InlineData(false)]
    [InlineData(false, "http://127.0.0.1:7071", "http://0.0.0.0:7000")]
    [InlineData(false, "http://[::]:7071")]
    [InlineData(false, "http://+:7071")]
    [InlineData(false, "http://*:7071")]
    [InlineData(false, "http://192.168.1.2:7071")]
    [InlineData(false, "http://localhost.example:7071")]
    [InlineData(false, "http://unix:/run/cloudticks.sock")]
    [InlineData(false, "nonsense")]
    public void IsLoopbackOnly_requires_every_address_to_be_loopback(bool isLocal, params string[] addresses) =>
        LocalRule.IsLoopbackOnly(addresses).ShouldBe(isLocal);

    [Theory]
    [InlineData("127.0.0.1:9100", true)]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:7071", true)]
    [InlineData("[::1]:7071", true)]
    [InlineData("[::ffff:127.0.0.1]:7071", true)]
    [InlineData("rebound.example", false)]
    [InlineData("127.0.0.1.example", false)]
    [InlineData("localhost.example:7071", false)]
    [InlineData("localhost.", false)]
    [InlineData("0.0.0.0:7071", false)]
    [InlineData("192.168.1.2", false)]
    [InlineData("", false)]
    public void Request_is_local_only_with_a_local_host_name(string host, bool isLocal)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);

        LocalRule.IsLocal(request).ShouldBe(isLocal);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("x-forwarded-host", "localhost")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("X-Original-For", "203.0.113.7")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("CF-Connecting-IP", "203.0.113.7")]
    [InlineData("CF-Ray", "8f1")]
    [InlineData("True-Client-IP", "203.0.113.7")]
    [InlineData("X-Client-IP", "203.0.113.7")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    [InlineData("X-Cluster-Client-IP", "203.0.113.7")]
    [InlineData("Fastly-Client-IP", "203.0.113.7")]
    [InlineData("X-Envoy-External-Address", "203.0.113.7")]
    [InlineData("X-Azure-ClientIP", "203.0.113.7")]
    [InlineData("X-Forwarded-Server", "front")]
    public void Request_forwarded_by_a_proxy_is_not_local(string header, string value)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString("localhost:7071");
        request.Headers[header] = value;

        LocalRule.IsLocal(request).ShouldBeFalse();
    }

    [Fact]
    public void HTTP_1_0_request_of_a_proxy_is_not_local()
    {
        var request = new DefaultHttpContext().Request;
        (request.Host, request.Protocol) = (new HostString("127.0.0.1:7071"), "HTTP/1.0");

        LocalRule.IsLocal(request).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("http://localhost:7000", "same-origin", true)]
    [InlineData(null, "none", true)]
    [InlineData("http://localhost:8080", null, false)]
    [InlineData("https://localhost:7000", null, false)]
    [InlineData("http://localhost", null, false)]
    [InlineData("http://evil.example", null, false)]
    [InlineData("null", null, false)]
    [InlineData(null, "cross-site", false)]
    [InlineData(null, "same-site", false)]
    [InlineData("http://localhost:7000", "cross-site", false)]
    public void Only_page_of_the_same_origin_is_served(string? origin, string? site, bool isServed)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = ("http", new HostString("localhost:7000"));
        foreach (var (header, value) in new[] { ("Origin", origin), ("Sec-Fetch-Site", site) })
        {
            if (value is not null)
            {
                request.Headers.Append(header, value);
            }
        }

        (PageRule.Refusal(request) is null).ShouldBe(isServed);
    }
}
