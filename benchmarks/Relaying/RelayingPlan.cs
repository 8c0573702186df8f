namespace CloudTicks.Benchmarks.Relaying;

/// <summary>The sizes and durations of the measurements.</summary>
/// <param name="Clients">The number of clients of the fan-out.</param>
/// <param name="Rate">The rate of the fan-out, ticks/s.</param>
/// <param name="Time">The duration of the fan-out and of each latency run.</param>
/// <param name="Rounds">The number of rounds of the comparison of fan-out and loopback, and of catching up.</param>
/// <param name="Count">The number of ticks in the archive when a client catches up.</param>
/// <param name="Idle">The number of idle clients.</param>
internal sealed record RelayingPlan(int Clients, int Rate, TimeSpan Time, int Rounds, int Count, int Idle)
{
    /// <summary>How long a rate runs before the measurement, so that hot code is compiled.</summary>
    public static TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(10);
}
