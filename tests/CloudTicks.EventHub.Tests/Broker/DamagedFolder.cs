using System.Text.RegularExpressions;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.EventHub.Tests.Broker;

/// <summary>
/// A data folder with known acknowledged batches and the positions of their copies. It verifies what an event hub serves after a part of
/// the folder was damaged.
/// </summary>
internal sealed partial class DamagedFolder
{
    private static readonly WalSettings SmallFiles = new() { FileBytes = 1500, MemoryBytes = 1, ReserveBytes = 64 };
    private static readonly TopicSettings SmallSegments = new() { SegmentBytes = 1200 };
    private readonly Dictionary<string, byte[]> _files;
    private readonly List<KnownBatch> _batches;

    private DamagedFolder(string path, List<KnownBatch> batches)
    {
        _batches = batches;
        _files = Directory.GetFiles(path, "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(path, f), File.ReadAllBytes);
        foreach (var batch in batches)
        {
            foreach (var (file, content) in _files.Where(f => IsLog(f.Key)))
            {
                if (content.AsSpan().IndexOf(batch.Bytes) is var at and >= 0)
                {
                    batch.Copies.Add((file, at, at + batch.Bytes.Length));
                }
            }
        }
    }

    /// <summary>The index files of the log.</summary>
    public IReadOnlyList<string> IndexFiles =>
        [.. _files.Keys.Where(f => f.EndsWith(".index", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The log files with batches.</summary>
    public IReadOnlyList<string> DataFiles =>
        [.. _batches.SelectMany(b => b.Copies).Select(c => c.File).Distinct().Order(StringComparer.Ordinal)];

    public int Length(string file) => _files[file].Length;

    /// <summary>Fills a folder with batches, with restarts of the event hub in between; the last run is killed or stopped.</summary>
    public static async Task<DamagedFolder> FillAsync(HubFolder folder, int restarts, bool endsCleanly)
    {
        var batches = new List<KnownBatch>();
        var nextOffsets = new long[2];
        for (var run = 0; run <= restarts; run++)
        {
            await using var storage = new TestStorage(folder.Data, new UnflushedDisk(), sizes: SmallFiles);
            if (run == 0)
            {
                await storage.CreateAsync("ticks", 2, SmallSegments);
            }

            for (var i = 0; i < 14; i++)
            {
                var partition = i % 3 == 0 ? 1 : 0;
                var values = Enumerable.Range(0, 1 + (i % 3)).Select(n => $"run {run} batch {i} record {n}").ToList();
                var (_, offset) = await storage.AppendAsync("ticks", partition, Batches.Of(values));
                offset.ShouldBe(nextOffsets[partition]);
                nextOffsets[partition] += values.Count;
                var batchWithOffset = Batches.Of(values);
                EventHub.Wire.RecordBatch.SetOffset(batchWithOffset, offset);
                batches.Add(new KnownBatch(partition, offset, values, batchWithOffset));
            }

            if (run == restarts && !endsCleanly)
            {
                return new DamagedFolder(folder.Kill(), batches);
            }
        }

        return new DamagedFolder(folder.Data, batches);
    }

    /// <summary>
    /// Writes a damaged copy of the folder, opens the storage on the copy twice, and verifies the served records and the reported losses.
    /// </summary>
    public async Task CheckAsync(string data, params Damage[] damage)
    {
        Write(data, damage);
        for (var start = 0; start < 2; start++)
        {
            await using var storage = new TestStorage(data, new UnflushedDisk(), sizes: SmallFiles);
            for (var partition = 0; partition < 2; partition++)
            {
                await CheckAsync(storage, partition, start, damage);
            }
        }
    }

    private async Task CheckAsync(TestStorage storage, int partition, int start, Damage[] damage)
    {
        var description =
            $"partition {partition}, start {start}, "
                + $"{string.Join(" and ", damage.Select(d => d.ToString()))}:\n{string.Join('\n', storage.Log.Lines)}\n";
        var ofPartition = _batches.Where(b => b.Partition == partition).ToList();
        var undamaged = ofPartition.Where(b => b.Copies.Any(c => damage.All(d => !d.Affects(c)))).ToList();
        var servedRecords = storage.ReadAll("ticks", partition).Where(r => !r.Value.StartsWith("after", StringComparison.Ordinal)).ToList();
        servedRecords.ShouldBe(undamaged.SelectMany(b => b.Records), description);
        var end = ofPartition[^1].Offset + ofPartition[^1].Values.Count;
        (await storage.AppendAsync("ticks", partition, Batches.Of($"after {start}"))).Offset.ShouldBe(end + start, description);
        if (start > 0)
        {
            return;
        }

        var reported = storage.Log.Lines.Where(l => l.StartsWith("Error", StringComparison.Ordinal)).Select(l => ReportedRange().Match(l))
            .Where(m => m.Success && m.Groups[1].Value == $"ticks[{partition}]")
            .SelectMany(m => Offsets(long.Parse(m.Groups[2].Value), long.Parse(m.Groups[3].Value))).Distinct().Order();
        var lostOffsets = ofPartition.Except(undamaged).SelectMany(b => Offsets(b.Offset, b.Offset + b.Values.Count - 1));
        reported.ShouldBe(lostOffsets, description);
    }

    private static IEnumerable<long> Offsets(long first, long last)
    {
        for (var offset = first; offset <= last; offset++)
        {
            yield return offset;
        }
    }

    private static bool IsLog(string file) => file.EndsWith(".log", StringComparison.Ordinal);

    [GeneratedRegex(@"(\S+\[\d+\]).* from offset (\d+) to (\d+)")]
    private static partial Regex ReportedRange();

    private void Write(string data, Damage[] damage)
    {
        foreach (var (file, content) in _files.Where(f => f.Key != "lock"))
        {
            var changed = damage.Where(d => d.File == file).Aggregate(content, (bytes, d) => d.Of(bytes));
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(data, file))!);
            File.WriteAllBytes(Path.Combine(data, file), changed);
        }
    }

    private sealed record KnownBatch(int Partition, long Offset, IReadOnlyList<string> Values, byte[] Bytes)
    {
        public List<(string File, int From, int To)> Copies { get; } = [];

        public IEnumerable<(long Offset, string Value)> Records => Values.Select((value, i) => (Offset + i, value));
    }
}

/// <summary>Damage to a file at a byte: the file is truncated there, or a bit of the byte is flipped.</summary>
internal sealed record Damage(string File, int At, bool Cut)
{
    public bool Affects((string File, int From, int To) copy) => copy.File == File && copy.To > At && (Cut || copy.From <= At);

    public byte[] Of(byte[] content)
    {
        if (Cut)
        {
            return content[..Math.Min(At, content.Length)];
        }

        var changed = content.ToArray();
        if (At < changed.Length)
        {
            changed[At] ^= 0x10;
        }

        return changed;
    }

    public override string ToString() => $"{File} {(Cut ? "cut" : "flipped")} at {At}";
}
