using System.Globalization;
using System.Text.RegularExpressions;
using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Broker;

/// <summary>One range of damaged or lost records, encoded in the name of its file.</summary>
/// <param name="IsLost">True when no file can be restored to repair the damage; only the operator can close the entry.</param>
internal sealed partial record DamageEntry(PartitionName Partition, long FirstOffset, long LastOffset, bool IsLost, bool IsAccepted)
{
    private const string AcceptedSuffix = ".accepted";

    public string FileName => string.Create(
        CultureInfo.InvariantCulture,
        $"{Partition.Topic}-{Partition.Partition}-{FirstOffset}-{LastOffset}.{(IsLost ? "lost" : "damaged")}"
            + $"{(IsAccepted ? AcceptedSuffix : "")}");

    /// <summary>The damaged segment; null for lost records and after a restart.</summary>
    public string? Segment { get; set; }

    /// <summary>True when the file of the entry exists; false when writing it failed.</summary>
    public bool IsStored { get; set; }

    /// <summary>The timestamp at which the damage was last found; the scrub uses it to detect a repair.</summary>
    public long LastSeenAt { get; set; } = long.MinValue;

    /// <summary>Parses a file name; null when it is not the name of an entry.</summary>
    public static DamageEntry? Parse(string fileName)
    {
        var match = NamePattern().Match(fileName);
        return match.Success && int.TryParse(match.Groups["partition"].ValueSpan, CultureInfo.InvariantCulture, out var partition)
            && long.TryParse(match.Groups["first"].ValueSpan, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(match.Groups["last"].ValueSpan, CultureInfo.InvariantCulture, out var last)
            ? new DamageEntry(
                new PartitionName(match.Groups["topic"].Value, partition), first, last, match.Groups["kind"].Value == "lost",
                match.Groups["accepted"].Success)
            {
                IsStored = true,
            }
            : null;
    }

    [GeneratedRegex(@"^(?<topic>.+)-(?<partition>\d+)-(?<first>\d+)-(?<last>\d+)\.(?<kind>lost|damaged)(?<accepted>\.accepted)?$")]
    private static partial Regex NamePattern();
}
