using System.Globalization;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Disks;

/// <param name="UntilFull">The time until the disk is full at the present rate; null when it is over a year or unknown.</param>
internal sealed record DiskForecast(long FreeBytes, double BytesPerHour, TimeSpan? UntilFull)
{
    /// <summary>The forecast as the predicate of a sentence whose subject is the disk.</summary>
    public string Description => UntilFull == TimeSpan.Zero
        ? string.Create(CultureInfo.InvariantCulture, $"is nearly full: {new ByteSize(FreeBytes)} are free")
        : string.Create(CultureInfo.InvariantCulture,
            $"will be full in {UntilFull?.TotalHours:0.0} hours: {new ByteSize(FreeBytes)} are free, and {new ByteSize(BytesPerHour)} "
                + $"are written per hour");
}
