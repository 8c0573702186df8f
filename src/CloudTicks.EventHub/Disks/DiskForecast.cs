using System.Globalization;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Disks;

/// <param name="UntilFull">The time until nothing can be written at this pace; null when it does not fill up.</param>
internal sealed record DiskForecast(long FreeBytes, double BytesPerHour, TimeSpan? UntilFull)
{
    /// <summary>The rest of a sentence that begins with the disk.</summary>
    public string Sentence => UntilFull == TimeSpan.Zero
        ? string.Create(CultureInfo.InvariantCulture, $"is full: {new ByteSize(FreeBytes)} are free")
        : string.Create(CultureInfo.InvariantCulture,
            $"will be full in {UntilFull?.TotalHours:0.0} hours: {new ByteSize(FreeBytes)} are free, {new ByteSize(BytesPerHour)} more "
                + $"are taken each hour");
}
