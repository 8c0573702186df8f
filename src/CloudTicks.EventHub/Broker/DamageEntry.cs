using System.Globalization;
using System.Text.RegularExpressions;
using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Broker;

/// <summary>One stretch of damage, as the name of its file says it.</summary>
/// <param name="IsLost">True when nothing is left that could be restored in place: only a person ends it.</param>
internal sealed partial record DamageEntry(PartitionName Partition, long FirstOffset, long LastOffset, bool IsLost, bool IsAccepted)
{
    private const string Accepted = ".accepted";

    public string FileName => string.Create(
        CultureInfo.InvariantCulture,
        $"{Partition.Topic}-{Partition.Partition}-{FirstOffset}-{LastOffset}.{(IsLost ? "lost" : "damaged")}"
            + $"{(IsAccepted ? Accepted : "")}");

    /// <summary>The damaged segment; null where records are lost, and at a later start.</summary>
    public string? Segment { get; set; }

    /// <summary>True when its file is there; false after a disk that took none.</summary>
    public bool IsNoted { get; set; }

    /// <summary>Scrub only: when a read met it last.</summary>
    public long MetAt { get; set; } = long.MinValue;

    /// <summary>What a file's name says; null when it is none of these.</summary>
    public static DamageEntry? Parse(string fileName)
    {
        var match = Name().Match(fileName);
        return match.Success && int.TryParse(match.Groups["partition"].ValueSpan, CultureInfo.InvariantCulture, out var partition)
            && long.TryParse(match.Groups["first"].ValueSpan, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(match.Groups["last"].ValueSpan, CultureInfo.InvariantCulture, out var last)
            ? new DamageEntry(
                new PartitionName(match.Groups["topic"].Value, partition), first, last, match.Groups["kind"].Value == "lost",
                match.Groups["accepted"].Success)
            {
                IsNoted = true,
            }
            : null;
    }

    [GeneratedRegex(@"^(?<topic>.+)-(?<partition>\d+)-(?<first>\d+)-(?<last>\d+)\.(?<kind>lost|damaged)(?<accepted>\.accepted)?$")]
    private static partial Regex Name();
}
