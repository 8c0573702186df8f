namespace CloudTicks.Benchmarks.Relaying;

/// <summary>How much is measured.</summary>
/// <param name="Clients">Clients of the fan-out.</param>
/// <param name="Rate">Ticks a second into the fan-out.</param>
/// <param name="Time">How long the fan-out and each latency run.</param>
/// <param name="Rounds">Rounds of the fan-out beside the loopback, and of catching up.</param>
/// <param name="Count">Ticks in the archive when a client catches up.</param>
/// <param name="Idle">Idle clients.</param>
internal sealed record RelayingPlan(int Clients, int Rate, TimeSpan Time, int Rounds, int Count, int Idle)
{
    /// <summary>How long a rate runs before it counts, so that hot code is compiled.</summary>
    public static TimeSpan Warm { get; } = TimeSpan.FromSeconds(10);
}
