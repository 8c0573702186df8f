namespace CloudTicks.Benchmarks.Relaying;

/// <summary>One figure, with what it is to be compared with.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Figure">As it is to be read, with its unit.</param>
/// <param name="Beside">What was measured beside it in the same run; empty for nothing.</param>
/// <param name="Goal">What it is to be; empty without a goal.</param>
/// <param name="Processor">Of relay, event hub, and clients with producer, in % of a core; null where it was not read.</param>
/// <param name="Failure">Why the figure does not count, such as a lost event; null when it does.</param>
internal sealed record RelayingRow(
    string What, string Figure, string Beside, string Goal, ProcessorShares? Processor = null, string? Failure = null);

/// <summary>Processor time of a stretch, in % of a core.</summary>
internal sealed record ProcessorShares(double Relay, double Hub, double Clients)
{
    public static ProcessorShares Between(
        (double Relay, double Hub, double Clients) before, (double Relay, double Hub, double Clients) after, TimeSpan elapsed) => new(
        100 * (after.Relay - before.Relay) / elapsed.TotalSeconds, 100 * (after.Hub - before.Hub) / elapsed.TotalSeconds,
        100 * (after.Clients - before.Clients) / elapsed.TotalSeconds);

    /// <summary>The median of each.</summary>
    public static ProcessorShares Median(IReadOnlyList<ProcessorShares> all) => new(
        Comparing.Rounds.Median.Of([.. all.Select(shares => shares.Relay)]),
        Comparing.Rounds.Median.Of([.. all.Select(shares => shares.Hub)]),
        Comparing.Rounds.Median.Of([.. all.Select(shares => shares.Clients)]));
}
