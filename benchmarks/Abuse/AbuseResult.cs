namespace CloudTicks.Benchmarks.Abuse;

/// <summary>The response times of honest clients without and with an abuse, and the hub's memory.</summary>
internal sealed record AbuseResult(
    string Abuse, string Description, IReadOnlyList<HonestResult> Honest, long MegabytesBefore, long MegabytesPeak, long MegabytesAfter);

/// <summary>The waits of one honest client, or of the disk, in milliseconds.</summary>
internal sealed record HonestResult(string Client, WaitResult Without, WaitResult With)
{
    public double Ratio => With.P99 / Math.Max(Without.P99, 0.001);

    public bool IsDisk => Client == HonestLoad.Disk;
}

/// <summary>Waits of one client; <paramref name="Failures"/> counts connections that the hub closed.</summary>
internal sealed record WaitResult(int Calls, int Failures, double P50, double P99, double Max)
{
    public static WaitResult Of(Waits waits) => new(waits.Count, waits.Failures, waits.Percentile(50), waits.Percentile(99), waits.Max);
}
