using System.Globalization;
using System.Text.Json;
using CloudTicks.Foundations;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Functions.Disks;

/// <param name="UntilFull">The time until full; null when the disk does not fill up within a year, or the time is unknown.</param>
internal sealed record DiskState(DiskReading Reading, double? BytesPerHour, TimeSpan? UntilFull, DiskLevel Level)
{
    private const double HundredPercent = 100;

    /// <summary>The hysteresis: a warning ends at this multiple of its limit.</summary>
    private const double HysteresisFactor = 1.25;

    /// <summary>The longest forecast that is reported, in hours.</summary>
    private const double MaxHours = 24 * 365;

    /// <summary>Whether the disk is critical because of its free space rather than a forecast.</summary>
    public bool HasCriticalFreeSpace { get; private init; }

    /// <summary>The problem and its remedy; null when there is no problem.</summary>
    public string? Problem => Level switch
    {
        DiskLevel.Critical => $"Critical: the disk of the {Reading.Name} ({Reading.Where}) is nearly full: {Facts}. {Reading.Remedy}",
        DiskLevel.Warning => $"The disk of the {Reading.Name} ({Reading.Where}) is filling up: {Facts}. {Reading.Remedy}",
        _ => null,
    };

    private string Facts => string.Create(CultureInfo.InvariantCulture,
        $"{new ByteSize(Reading.FreeBytes ?? 0)} of {new ByteSize(Reading.TotalBytes ?? 0)} are "
            + $"free{(UntilFull is { } time ? $", enough for {time.TotalHours:0.0} hours at this rate" : "")}");

    public DiskStatus ToStatus() => new(Reading.Name, JsonNamingPolicy.SnakeCaseLower.ConvertName(Level.ToString()))
    {
        Where = Reading.Where,
        Bytes = Reading.Bytes,
        FreeBytes = Reading.FreeBytes,
        TotalBytes = Reading.TotalBytes,
        BytesPerHour = BytesPerHour is { } pace ? Math.Round(pace) : null,
        HoursUntilFull = UntilFull is { } time ? Math.Round(time.TotalHours, 1) : null,
        Problem = Problem,
        Note = Reading.Note,
    };

    public static DiskState Of(DiskReading reading, (double? Growth, double? Shrinkage) pace, DiskLevel levelBefore, DiskOptions options)
    {
        var hoursUntilFull = pace.Shrinkage > 0 ? reading.FreeBytes / pace.Shrinkage : null;
        if (hoursUntilFull > MaxHours || hoursUntilFull > reading.GrowsFor?.TotalHours)
        {
            hoursUntilFull = null;
        }

        var freePercent = reading is { FreeBytes: { } free, TotalBytes: > 0 and var total } ? free * HundredPercent / total : (double?)null;
        var isSpaceCritical = freePercent < options.CriticalFreePercent * Factor(DiskLevel.Critical);
        var level = reading.FreeBytes is null ? DiskLevel.Unknown
            : isSpaceCritical || hoursUntilFull < options.CriticalBefore.TotalHours * Factor(DiskLevel.Critical) ? DiskLevel.Critical
            : freePercent < options.WarningFreePercent * Factor(DiskLevel.Warning)
            || hoursUntilFull < options.WarningBefore.TotalHours * Factor(DiskLevel.Warning) ? DiskLevel.Warning
            : DiskLevel.Ok;
        return new DiskState(reading, pace.Growth ?? pace.Shrinkage, hoursUntilFull is { } known ? TimeSpan.FromHours(known) : null, level)
        {
            HasCriticalFreeSpace = freePercent < options.CriticalFreePercent,
        };

        double Factor(DiskLevel level) => levelBefore >= level ? HysteresisFactor : 1;
    }
}
