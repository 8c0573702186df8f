using System.Text.Json.Nodes;
using CloudTicks.Ticks.Status;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;

namespace CloudTicks.Verification.Checks;

/// <summary>Checks that every configured symbol ticks in the hours of its market.</summary>
internal sealed class SymbolsCheck(
    OperatedSystem system, SelectedSymbols selection, VerificationOptions options, Pace pace, TimeProvider time) : ICheck
{
    private const double MaxAgeInUsualPauses = 10;

    public string Name => "symbols";

    public string Title => "Every configured symbol is active";

    public IReadOnlyList<string> Subjects => [Parts.Collector];

    public async Task<Finding> CheckAsync(CancellationToken cancellationToken)
    {
        var (states, problems) = ((IReadOnlyList<SymbolState>)[], Array.Empty<SymbolState>());
        // A newly selected or briefly quiet symbol has until the time-out to tick.
        var areAllActive = await pace.UntilAsync(
            async () =>
            {
                states = await ReadAsync(cancellationToken);
                problems = [.. states.Where(state => state.Problem is not null)];
                return problems.Length == 0 && states.All(state => !state.IsYoung);
            },
            cancellationToken);
        var (closed, quiet) = (states.Count(state => state.IsClosed), states.Count(state => state.IsQuietInExtendedHours));
        var facts = new JsonObject
        {
            ["symbols"] = states.Count,
            ["closed"] = closed,
            ["quiet_in_extended_hours"] = quiet,
            ["inactive"] = new JsonObject(
                [.. problems.Select(state => KeyValuePair.Create(state.Symbol, (JsonNode?)JsonValue.Create(state.Problem)))]),
        };
        if (problems.Length > 0)
        {
            return Finding.Fail(
                $"{problems.Length} of {states.Count} symbols are not active: "
                    + $"{Format.List([.. problems.Select(state => $"{state.Symbol} ({state.Problem})")])}.",
                "Check that the name is right, that the plan includes the symbol, and that its trading is not halted. See missing, "
                    + "refused, left_out and stale in /api/v1/status of the collector.",
                facts);
        }

        var youngSymbols = states.Where(state => state.IsYoung).Select(state => state.Symbol).ToArray();
        var openCount = states.Count - closed;
        return states.Count == 0
            ? Finding.Fail("Nothing is selected.", "Run cloudticks symbols add EURUSD, or see docs/collector.md.", facts)
            : areAllActive ? Finding.Pass(
                $"{openCount - quiet} of {states.Count} symbols tick{(quiet > 0 ? $"; {quiet} symbols are quiet in extended hours" : "")}"
                + $"{(closed > 0 ? $"; {closed} symbols are in a closed market" : "")}.", facts)
            : Finding.Unknown(
                $"Less than {options.Quiet.TotalSeconds:0} s after their selection or the opening of the market, {youngSymbols.Length} "
                    + $"symbols have not ticked yet: {Format.List(youngSymbols)}.", "Run the check again in a minute.", facts);
    }

    private async Task<IReadOnlyList<SymbolState>> ReadAsync(CancellationToken cancellationToken)
    {
        var channels = await selection.ReadAsync(cancellationToken);
        var responses = await Task.WhenAll(
            system.Collectors.Select(collector => collector.GetAsync<CollectorStatus>("api/v1/status", cancellationToken)));
        var markets = responses.SelectMany(response => response.Connections.Values).ToArray();
        var troubles =
            markets.SelectMany(market => market.Missing).Select(channel => KeyValuePair.Create(channel, $"{channel} is not acknowledged"))
            .Concat(markets.SelectMany(market => market.Refused)
                .Select(refused => KeyValuePair.Create(refused.Key, $"{refused.Key} is refused: {refused.Value}")))
            .Concat(responses.SelectMany(response => response.Stale)
                .Select(channel => KeyValuePair.Create(channel, $"{channel} has no ticks, even on a new session")))
            .DistinctBy(trouble => trouble.Key).ToDictionary();
        var omitted = markets.SelectMany(market => market.LeftOut).ToHashSet(StringComparer.Ordinal);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return [.. channels.GroupBy(channel => channel.Symbol).Select(symbol => StateOf([.. symbol], troubles, omitted, now))];
    }

    private SymbolState StateOf(SelectedChannel[] channels, Dictionary<string, string> troubles, HashSet<string> omitted, long now)
    {
        var symbol = new SymbolState(channels[0].Symbol, channels[0].IsClosed);
        if (omitted.Contains(symbol.Symbol))
        {
            return symbol with { Problem = "no room on the allowed connections" };
        }

        if (channels.Select(channel => troubles.GetValueOrDefault(channel.Channel))
            .FirstOrDefault(trouble => trouble is not null) is { } trouble)
        {
            return symbol with { Problem = trouble };
        }

        // A market that has just opened, or a new symbol, gets some time to tick.
        var sinceMs = channels.Max(channel => Math.Max(channel.WantedSinceMs, channel.PhaseSinceMs ?? long.MinValue));
        var isYoung = now - sinceMs < options.Quiet.TotalMilliseconds;
        var age = channels.Min(channel => channel.LastTickAgeMs ?? long.MaxValue);
        var maxAge = Math.Max(options.Quiet.TotalMilliseconds, MaxAgeInUsualPauses * channels.Min(channel => channel.UsualPauseMs ?? 0));
        if (symbol.IsClosed || age <= maxAge)
        {
            return symbol;
        }

        return isYoung ? symbol with { IsYoung = true }
            : channels[0].IsExtended ? symbol with { IsQuietInExtendedHours = true }
            : channels.All(channel => channel.CoveredSinceMs is null) ? symbol with { Problem = "not subscribed to" }
            : symbol with
            {
                Problem = age == long.MaxValue
                    ? $"no tick since it was selected, or its market opened, {Format.Seconds(now - sinceMs)} ago"
                    : $"no tick for {Format.Seconds(age)}",
            };
    }

    private sealed record SymbolState(string Symbol, bool IsClosed)
    {
        public string? Problem { get; init; }

        public bool IsYoung { get; init; }

        public bool IsQuietInExtendedHours { get; init; }
    }
}
