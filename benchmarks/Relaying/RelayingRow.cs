namespace CloudTicks.Benchmarks.Relaying;

/// <summary>One figure, with the values to compare it with.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Figure">The formatted figure, with its unit.</param>
/// <param name="Reference">A reference value from the same run; empty for none.</param>
/// <param name="Goal">The goal; empty for none.</param>
/// <param name="Processor">The processor time of relay, event hub, and clients with producer, in % of a core; null if not measured.</param>
/// <param name="Failure">Why the figure is invalid, such as a lost event; null if it is valid.</param>
internal sealed record RelayingRow(
    string What, string Figure, string Reference, string Goal, ProcessorShares? Processor = null, string? Failure = null);

/// <summary>The processor time during a measurement, in % of a core.</summary>
internal sealed record ProcessorShares(double Relay, double Hub, double Clients)
{
    public static ProcessorShares Between(
        (double Relay, double Hub, double Clients) before, (double Relay, double Hub, double Clients) after, TimeSpan elapsed) => new(
        100 * (after.Relay - before.Relay) / elapsed.TotalSeconds, 100 * (after.Hub - before.Hub) / elapsed.TotalSeconds,
        100 * (after.Clients - before.Clients) / elapsed.TotalSeconds);

    /// <summary>The median of each share.</summary>
    public static ProcessorShares Median(IReadOnlyList<ProcessorShares> all) => new(
        Comparing.Rounds.Median.Of([.. all.Select(shares => shares.Relay)]),
        Comparing.Rounds.Median.Of([.. all.Select(shares => shares.Hub)]),
        Comparing.Rounds.Median.Of([.. all.Select(shares => shares.Clients)]));
}
