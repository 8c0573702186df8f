using System.Text.RegularExpressions;
using CloudTicks.Collection.DbServer;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Symbols;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Options;
using ServiceDefaults.Clients;

namespace CloudTicks.Collection;

internal sealed partial class CollectorOptionsValidation(IOptions<PolygonOptions> polygon) : IValidateOptions<CollectorOptions>
{
    private static readonly string[] PolygonDomains = ["polygon.io", "massive.com"];

    public ValidateOptionsResult Validate(string? name, CollectorOptions options)
    {
        if (options.FeedName == FeedName.Simulated && IsPolygonHost(polygon.Value.Endpoint.Host))
        {
            return ValidateOptionsResult.Fail(
                $"Collector:FeedName is simulated, but Polygon:Endpoint is {polygon.Value.Endpoint.Host}, whose ticks are real: set "
                    + "Collector:FeedName to polygon.");
        }

        if (options.Group is { Length: > 0 } group && !GroupNamePattern().IsMatch(group))
        {
            return ValidateOptionsResult.Fail(
                $"Collector:Group is '{group}', which is not valid in a topic name: use up to 100 letters, digits, '.', '_' and '-'.");
        }

        if (options.Group is { Length: > 0 } && options.DbServer is { Length: > 0 })
        {
            return ValidateOptionsResult.Fail(
                "Collector:Group needs the event hub, which is not used with Collector:DbServer: remove one of the two.");
        }

        try
        {
            SubscriptionPlan.Create(options);
            RolloutSymbols.Read(options);
            if (options.DbServer is { Length: > 0 } server)
            {
                var address = DbServerAddress.Parse(server);
                _ = ServiceKey.OfEnvironment() is null ? address : ServiceKey.RequireSafe(address, "Collector__DbServer");
            }

            return ValidateOptionsResult.Success;
        }
        catch (Exception exception) when (exception is CollectorException or FormatException)
        {
            return ValidateOptionsResult.Fail(exception.Message);
        }
    }

    private static bool IsPolygonHost(string host) => Array.Exists(
        PolygonDomains, domain => host == domain || host.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("^[A-Za-z0-9._-]{1,100}$")]
    private static partial Regex GroupNamePattern();
}
