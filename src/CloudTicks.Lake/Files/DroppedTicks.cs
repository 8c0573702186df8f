using System.Globalization;

namespace CloudTicks.Lake.Files;

/// <summary>The ticks that a copy of a file omits: those of certain hours from certain ranges of archive records.</summary>
/// <param name="Hours">Hours since 1970, UTC.</param>
/// <param name="From">By partition, the first offset.</param>
/// <param name="To">By partition, the offset after the last.</param>
internal sealed record DroppedTicks(IReadOnlySet<long> Hours, IReadOnlyDictionary<int, long> From, IReadOnlyDictionary<int, long> To)
{
    private const long MsPerHour = 3_600_000;

    /// <summary>An SQL condition that is true for these ticks.</summary>
    public string Condition()
    {
        if (Hours.Count == 0 || From.Count == 0)
        {
            return "false";
        }

        var recordConditions = From.Select(from => string.Create(
            CultureInfo.InvariantCulture,
            $"(archive_partition = {from.Key} AND archive_offset >= {from.Value} AND archive_offset < {To[from.Key]})"));
        return $"(timestamp_ms // {MsPerHour} IN ({string.Join(", ", Hours)}) AND ({string.Join(" OR ", recordConditions)}))";
    }
}
