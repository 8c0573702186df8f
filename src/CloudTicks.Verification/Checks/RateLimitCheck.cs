using System.Text.Json.Nodes;
using CloudTicks.Ticks.Status;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;
using static System.FormattableString;

namespace CloudTicks.Verification.Checks;

/// <summary>
/// Checks that the feed has not recently refused a REST request with 429 (too many requests), and that it has not ended a connection above
/// its connection limit.
/// </summary>
internal sealed class RateLimitCheck(OperatedSystem system, VerificationOptions options, TimeProvider time) : ICheck
{
    public string Name => "rate-limits";

    public string Title => "No rate limit was violated";

    public IReadOnlyList<string> Subjects => [Parts.Collector];

    public async Task<Finding> CheckAsync(CancellationToken cancellationToken)
    {
        var responses = await Task.WhenAll(
            system.Collectors.Select(collector => collector.GetAsync<CollectorStatus>("api/v1/status", cancellationToken)));
        var violations = responses.Sum(response => response.RateLimit.Violations);
        var last = responses.Max(response => response.RateLimit.LastMs);
        var limits = responses.SelectMany(response => response.Connections).Where(market => market.Value.LearntLimit is not null).ToArray();
        var facts = new JsonObject { ["violations"] = violations, ["last_ms"] = last, ["connection_limits"] = limits.Length };
        var age = time.GetUtcNow().ToUnixTimeMilliseconds() - last;
        if (age < options.LookBack.TotalMilliseconds)
        {
            return Finding.Fail(
                Invariant(
                    $"{violations} REST requests were refused with 429 (too many requests), the last {Format.Seconds(age.Value)} ago."),
                "Lower the rate: cloudticks config set rate_limit_per_second=2. Check whether another program uses the same key.",
                facts);
        }

        if (limits.Length > 0)
        {
            var (market, connections) = limits[0];
            return Finding.Fail(
                $"The server closed a connection to {market}: the account may have only {connections.LearntLimit} open.",
                $"Set Polygon__MaxConnections to {connections.LearntLimit}, or stop the other programs that use the key.",
                facts);
        }

        return Finding.Pass(
            violations == 0 ? "No request has exceeded the rate limit since the collector started."
                : Invariant(
                    $"{violations} requests have exceeded the rate limit since the collector started, the last ")
                    + $"{Format.Seconds(age!.Value)} ago.",
            facts);
    }
}
