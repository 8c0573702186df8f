using System.Globalization;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Lake.Importing;
using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Comparing;

/// <summary>The ranges of archive records to compare, by day.</summary>
internal sealed class ArchiveBounds
{
    private readonly LakePositions _positions;

    /// <exception cref="LakeException">The archive ends before a position of the lake.</exception>
    public ArchiveBounds(string stream, IReadOnlyList<PartitionWatermarks> ends, LakePositions positions)
    {
        (Stream, _positions) = (stream, positions);
        Partitions = ends.ToDictionary(end => end.Partition);
        foreach (var end in ends)
        {
            if (positions.NextOf(stream, end.Partition) > end.High)
            {
                throw new LakeException(
                    $"{TopicNames.TickArchive}/{end.Partition} ends at offset {end.High}, but the lake holds records up to "
                    + $"{positions.NextOf(stream, end.Partition)}: the archive has lost records. Restore its data.");
            }
        }
    }

    /// <summary>The identity of the archive's stream.</summary>
    public string Stream { get; }

    /// <summary>The start and end offsets of each partition.</summary>
    public IReadOnlyDictionary<int, PartitionWatermarks> Partitions { get; }

    /// <summary>The offset of a partition up to which the lake claims to have every tick of every day.</summary>
    public long EndOf(int partition) => Math.Min(_positions.NextOf(Stream, partition), Partitions[partition].High);

    /// <summary>By partition, the offset up to which the lake claims to have every tick of a day.</summary>
    public Dictionary<int, long> EndsOf(DayManifest manifest) => Partitions.Values.ToDictionary(
        partition => partition.Partition,
        partition => Math.Min(Math.Max(EndOf(partition.Partition), manifest.CoveredTo(Stream, partition.Partition)), partition.High));

    /// <summary>
    /// The first offset of a partition that may hold ticks of the given days: the lowest offset in the files' ranges, or
    /// <paramref name="since"/> if that is lower.
    /// </summary>
    /// <param name="since">The offset of the first record written since the start of the days; null if no record was written since.</param>
    public long StartOf(int partition, IEnumerable<DayManifest> manifests, long? since)
    {
        var (low, high) = (Partitions[partition].Low, Partitions[partition].High);
        var lowestOffset = manifests.SelectMany(manifest => manifest.Files).SelectMany(file => file.Ranges.GetValueOrDefault(Stream, []))
            .Where(range => range[0] == partition).Select(range => range[1]).DefaultIfEmpty(high).Min();
        return Math.Clamp(Math.Min(lowestOffset, since ?? high), low, high);
    }

    /// <summary>Returns an SQL expression for the <see cref="ComparedSide"/> of a row.</summary>
    /// <param name="starts">By partition, the first offset that is compared.</param>
    /// <param name="ends">By partition, the offset after the last one.</param>
    public string SideExpression(LakeFile file, IReadOnlyDictionary<int, long> starts, IReadOnlyDictionary<int, long> ends)
    {
        if (!IsFromArchive(file))
        {
            return Number(ComparedSide.Other);
        }

        return $"CASE WHEN archive_offset < {OffsetSql(partition => Partitions[partition].Low)} THEN {Number(ComparedSide.Expired)} "
            + $"WHEN archive_offset >= {OffsetSql(partition => starts.GetValueOrDefault(partition, long.MaxValue))} "
            + $"AND archive_offset < {OffsetSql(partition => ends.GetValueOrDefault(partition))} THEN {Number(ComparedSide.FromArchive)} "
            + $"ELSE {Number(ComparedSide.Other)} END";
    }

    /// <summary>
    /// Whether a file has ticks of this archive and of no other archive; imported ticks do not count. Rows do not store their stream, so
    /// the file's ranges decide.
    /// </summary>
    public bool IsFromArchive(LakeFile file) =>
        file.Ranges.Keys.Where(stream => !stream.StartsWith(LakeImport.StreamPrefix, StringComparison.Ordinal)).ToList() is [var only]
        && only == Stream;

    private static string Number(ComparedSide side) => ((int)side).ToString(CultureInfo.InvariantCulture);

    private string OffsetSql(Func<int, long> value)
    {
        var values = Enumerable.Range(0, Partitions.Keys.Max() + 1)
            .Select(partition => Partitions.ContainsKey(partition) ? value(partition) : 0);
        return $"([{string.Join(", ", values)}]::BIGINT[])[archive_partition + 1]";
    }
}
