namespace CloudTicks.Benchmarks.Abuse;

/// <summary>The response times of honest clients without and with an abuse, and the event hub's memory.</summary>
internal sealed record AbuseResult(
    string Abuse, string Description, IReadOnlyList<HonestResult> Honest, long MegabytesBefore, long MegabytesPeak, long MegabytesAfter);

/// <summary>The response times of one honest client, or of the disk, in milliseconds.</summary>
internal sealed record HonestResult(string Client, ResponseTimeResult Without, ResponseTimeResult With)
{
    public double Ratio => With.P99 / Math.Max(Without.P99, 0.001);

    public bool IsDisk => Client == HonestLoad.Disk;
}

/// <summary>The response times of one client; <paramref name="Failures"/> counts connections that were closed or refused.</summary>
internal sealed record ResponseTimeResult(int Calls, int Failures, double P50, double P99, double Max)
{
    public static ResponseTimeResult Of(ResponseTimes times) =>
        new(times.Count, times.Failures, times.Percentile(50), times.Percentile(99), times.Max);
}
