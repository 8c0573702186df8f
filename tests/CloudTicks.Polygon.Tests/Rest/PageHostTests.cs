using System.Diagnostics.Metrics;
using CloudTicks.Polygon.Requests;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Polygon.Tests.Rest;

/// <summary>Tests which hosts may serve next pages and therefore receive the API key.</summary>
public class PageHostTests
{
    private static readonly PolygonApiKey Key = new(
        new ConfigurationBuilder().AddInMemoryCollection([new(PolygonApiKey.Setting, "canary-key-1234")]).Build());

    [Theory]
    [InlineData("https://api.polygon.io", "https://api.massive.com/v3/trades/ABC?cursor=1", true)]
    [InlineData("https://api.massive.com", "https://api.polygon.io/v3/trades/ABC?cursor=1", true)]
    [InlineData("https://mirror.example.com", "https://API.Massive.com/v3/trades/ABC?cursor=1", true)]
    [InlineData("https://mirror.example.com:8443", "https://mirror.example.com:8443/v3/trades/ABC?cursor=1", true)]
    [InlineData("https://api.polygon.io", "/v3/trades/ABC?cursor=1", true)]
    [InlineData("https://api.polygon.io", "http://api.massive.com/v3/trades/ABC?cursor=1", false)]
    [InlineData("https://api.polygon.io", "http://api.polygon.io/v3/trades/ABC?cursor=1", false)]
    [InlineData("https://api.polygon.io", "https://api.massive.com:8443/v3/trades/ABC?cursor=1", false)]
    [InlineData("https://api.polygon.io", "https://me@api.massive.com/v3/trades/ABC?cursor=1", false)]
    [InlineData("https://api.polygon.io", "https://api.massive.com.example.com/v3/trades/ABC?cursor=1", false)]
    [InlineData("https://api.polygon.io", "https://massive.com/v3/trades/ABC?cursor=1", false)]
    [InlineData("https://api.polygon.io", "https://127.0.0.1/v3/trades/ABC?cursor=1", false)]
    [InlineData("http://127.0.0.1:8100", "https://api.polygon.io/v3/trades/ABC?cursor=1", false)]
    public void MoveNext_allows_provider_hosts_over_tls_only(string rest, string next, bool isAllowed) =>
        CanMoveNext(new PolygonOptions { RestEndpoint = new Uri(rest) }, next).ShouldBe(isAllowed);

    [Fact]
    public void MoveNext_allows_hosts_of_setting_only()
    {
        var options = new PolygonOptions { PageHosts = "pages.example.com, other.example.com" };

        CanMoveNext(options, "https://other.example.com/v3/trades/ABC?cursor=1").ShouldBeTrue();
        CanMoveNext(options, "https://api.massive.com/v3/trades/ABC?cursor=1").ShouldBeFalse();
        CanMoveNext(options with { PageHosts = "" }, "https://api.massive.com/v3/trades/ABC?cursor=1").ShouldBeFalse();
    }

    [Theory]
    [InlineData("api.polygon.io,api.massive.com", true)]
    [InlineData("", true)]
    [InlineData("https://api.massive.com", false)]
    [InlineData("api.massive.com:443", false)]
    [InlineData("*.massive.com", false)]
    public void PageHosts_invalid_names_are_refused(string hosts, bool isAccepted) =>
        new PolygonOptionsValidation(Key).Validate(null, new PolygonOptions { PageHosts = hosts }).Succeeded.ShouldBe(isAccepted);

    private static bool CanMoveNext(PolygonOptions options, string next)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var budget = new RequestBudget(1);
        var address = options.EffectiveRestEndpoint;
        using var origin = new RestOrigin(
            address, options.PageHostNames, Key, budget, new PolygonMetrics(services.GetRequiredService<IMeterFactory>()),
            TimeProvider.System,
            NullLogger.Instance);
        var cursor = new PageCursor(origin, "trades", new Uri(address, "/v3/trades/ABC"));
        try
        {
            return cursor.MoveNext(next, isEmpty: false);
        }
        catch (PolygonRestException refusal)
        {
            refusal.Failure.ShouldBe(RestFailure.BadResponse);
            refusal.Message.ShouldContain("Polygon:PageHosts");
            return false;
        }
    }
}
