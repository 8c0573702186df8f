using System.Globalization;
using System.Text;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Broker;

/// <summary>Damage and lost records, a file each: logged once, kept until the data is whole or the file is <c>.accepted</c>.</summary>
internal sealed class DamageRegister(
    Disk disk, string folder, TopicCatalog topics, TimeProvider time, EventHubMetrics metrics, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(PartitionName Partition, long FirstOffset), DamageEntry> _entries = [];
    private volatile string? _problem;
    private volatile int _open;

    /// <summary>Why a person should look, as a sentence without its end; null when nothing is open.</summary>
    public string? Problem => _problem;

    /// <summary>Stretches that are neither restored nor accepted.</summary>
    public int Open => _open;

    /// <summary>True when there is damage of a partition, accepted or not.</summary>
    public bool Concerns(PartitionName partition)
    {
        lock (_gate)
        {
            return _entries.Values.Any(e => e.Partition == partition);
        }
    }

    /// <summary>True when records are noted as lost, accepted or not.</summary>
    public bool IsKnown(PartitionName partition, LostRecords records)
    {
        lock (_gate)
        {
            return _entries.Values.Any(e => e.Partition == partition && e.IsLost
                && e.FirstOffset <= records.FirstOffset && e.LastOffset >= records.LastOffset);
        }
    }

    /// <summary>At start: reads what earlier runs found.</summary>
    public void Load()
    {
        Refresh();
        if (_problem is { } problem)
        {
            logger.DamageStands(problem);
        }
    }

    /// <summary>Recovery found no whole copy of records.</summary>
    public void Lost(PartitionName partition, long firstOffset, long lastOffset) =>
        Found(new DamageEntry(partition, firstOffset, lastOffset, IsLost: true, IsAccepted: false), segment: null);

    /// <summary>A read met bytes that are not what was written.</summary>
    public void Damaged(BatchDamage damage) =>
        Found(new DamageEntry(damage.Partition, damage.FirstOffset, damage.LastOffset, IsLost: false, IsAccepted: false), damage.Segment);

    /// <summary>The scrub has read a whole partition: damage that it did not meet any more is mended.</summary>
    public void Read(PartitionName partition, long began)
    {
        List<DamageEntry> mended;
        lock (_gate)
        {
            mended = [.. _entries.Values.Where(e => e.Partition == partition && !e.IsLost && e.MetAt < began)];
        }

        foreach (var entry in mended)
        {
            Remove(entry);
            logger.DamageMended(entry.Partition, entry.FirstOffset, entry.LastOffset);
        }
    }

    /// <summary>Looks at the files: a person may have accepted damage, and records that were deleted need not be mended.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            var there = ReadFolder();
            var accepted = new List<DamageEntry>();
            foreach (var (key, known) in _entries.ToList())
            {
                if (!known.IsNoted)
                {
                    Note(known);
                }
                else if (there.Find(e => (e.Partition, e.FirstOffset) == key) is not { } entry)
                {
                    _entries.Remove(key); // deleted by a person: if it is still damaged, it is found again
                }
                else if (entry.IsAccepted && !known.IsAccepted)
                {
                    _entries[key] = known with { IsAccepted = true };
                    accepted.Add(entry);
                }
            }

            foreach (var entry in there)
            {
                _entries.TryAdd((entry.Partition, entry.FirstOffset), entry);
            }

            Summarize();
            accepted.ForEach(entry => logger.DamageAccepted(entry.Partition, entry.FirstOffset, entry.LastOffset));
        }
    }

    private List<DamageEntry> ReadFolder()
    {
        var there = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Select(Path.GetFileName).Select(name => DamageEntry.Parse(name!)).OfType<DamageEntry>()
                .ToList()
            : [];
        foreach (var entry in there.ToList())
        {
            if (topics.FindPartition(entry.Partition.Topic, entry.Partition.Partition) is not { } partition
                || partition.LogStart > entry.LastOffset)
            {
                disk.Delete(Path.Combine(folder, entry.FileName));
                there.Remove(entry);
            }
        }

        return there;
    }

    private void Found(DamageEntry entry, string? segment)
    {
        // With the note inside, so that a look at the folder does not take it for deleted. Damage is rare enough for others to wait.
        lock (_gate)
        {
            entry.MetAt = time.GetTimestamp();
            if (_entries.TryGetValue((entry.Partition, entry.FirstOffset), out var known))
            {
                known.MetAt = entry.MetAt;
                return;
            }

            _entries.Add((entry.Partition, entry.FirstOffset), entry);
            Summarize();
            metrics.Damaged();
            var path = Path.Combine(folder, entry.FileName);
            if (segment is null)
            {
                logger.RecordsLost(entry.Partition, entry.LastOffset - entry.FirstOffset + 1, entry.FirstOffset, entry.LastOffset, path);
            }
            else
            {
                logger.BatchDamaged(segment, entry.Partition, entry.FirstOffset, entry.LastOffset, path);
            }

            entry.Segment = segment;
            Note(entry);
        }
    }

    private void Note(DamageEntry entry)
    {
        try
        {
            disk.CreateFolder(folder);
            disk.Replace(Path.Combine(folder, entry.FileName), Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {entry.Partition} from offset {entry.FirstOffset} to {entry.LastOffset}: "
                    + $"{entry.Segment ?? "no whole copy is left"}\n")));
            disk.FlushFolder(Path.GetDirectoryName(folder)!);
            entry.IsNoted = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.DamageNotNoted(folder, e.Message);
        }
    }

    private void Remove(DamageEntry entry)
    {
        lock (_gate)
        {
            _entries.Remove((entry.Partition, entry.FirstOffset));
            disk.Delete(Path.Combine(folder, entry.FileName));
            Summarize();
        }
    }

    private void Summarize()
    {
        var open = _entries.Values.Where(e => !e.IsAccepted).OrderBy(e => e.Partition.ToString(), StringComparer.Ordinal)
            .ThenBy(e => e.FirstOffset).ToList();
        _open = open.Count;
        _problem = open is [var first, ..]
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{open.Count} {(open.Count == 1 ? "stretch" : "stretches")} of records damaged or lost, first {first.Partition} from "
                    + $"offset {first.FirstOffset} to {first.LastOffset}; see {folder}")
            : null;
    }
}
