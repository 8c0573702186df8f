using System.Globalization;
using System.Text;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Broker;

/// <summary>
/// The register of damaged and lost records, with one file per range. Each range is logged once. It stays open until it is repaired, or
/// until the operator appends <c>.accepted</c> to the name of its file.
/// </summary>
internal sealed class DamageRegister(
    Disk disk, string folder, TopicCatalog topics, TimeProvider time, EventHubMetrics metrics, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(PartitionName Partition, long FirstOffset), DamageEntry> _entries = [];
    private volatile string? _problem;
    private volatile int _openCount;

    /// <summary>Describes the open entries in a sentence without its full stop; null when there are none.</summary>
    public string? Problem => _problem;

    /// <summary>The number of entries that are neither repaired nor accepted.</summary>
    public int OpenCount => _openCount;

    /// <summary>True when the partition has an entry, accepted or not.</summary>
    public bool Contains(PartitionName partition)
    {
        lock (_gate)
        {
            return _entries.Values.Any(e => e.Partition == partition);
        }
    }

    /// <summary>True when these records are registered as lost, accepted or not.</summary>
    public bool IsKnown(PartitionName partition, LostRecords records)
    {
        lock (_gate)
        {
            return _entries.Values.Any(e => e.Partition == partition && e.IsLost
                && e.FirstOffset <= records.FirstOffset && e.LastOffset >= records.LastOffset);
        }
    }

    /// <summary>At startup: reads the entries of earlier runs.</summary>
    public void Load()
    {
        Refresh();
        if (_problem is { } problem)
        {
            logger.DamageRemains(problem);
        }
    }

    /// <summary>Adds records for which recovery found no intact copy.</summary>
    public void AddLost(PartitionName partition, long firstOffset, long lastOffset) =>
        Add(new DamageEntry(partition, firstOffset, lastOffset, IsLost: true, IsAccepted: false), segment: null);

    /// <summary>Adds records whose checksum does not match.</summary>
    public void AddDamaged(BatchDamage damage) =>
        Add(new DamageEntry(damage.Partition, damage.FirstOffset, damage.LastOffset, IsLost: false, IsAccepted: false), damage.Segment);

    /// <summary>
    /// Called when the scrub has read the whole partition: removes the entries whose damage the scrub did not find again.
    /// </summary>
    public void ScrubCompleted(PartitionName partition, long startedAt)
    {
        List<DamageEntry> repairedEntries;
        lock (_gate)
        {
            repairedEntries = [.. _entries.Values.Where(e => e.Partition == partition && !e.IsLost && e.LastSeenAt < startedAt)];
        }

        foreach (var entry in repairedEntries)
        {
            Remove(entry);
            logger.DamageRepaired(entry.Partition, entry.FirstOffset, entry.LastOffset);
        }
    }

    /// <summary>
    /// Reads the folder again, because the operator may have accepted or deleted entries. Entries of deleted records are removed.
    /// </summary>
    public void Refresh()
    {
        lock (_gate)
        {
            var storedEntries = ReadFolder();
            var acceptedEntries = new List<DamageEntry>();
            foreach (var (key, known) in _entries.ToList())
            {
                if (!known.IsStored)
                {
                    Store(known);
                }
                else if (storedEntries.Find(e => (e.Partition, e.FirstOffset) == key) is not { } entry)
                {
                    _entries.Remove(key); // deleted by the operator; damage that remains is found again
                }
                else if (entry.IsAccepted && !known.IsAccepted)
                {
                    _entries[key] = known with { IsAccepted = true };
                    acceptedEntries.Add(entry);
                }
            }

            foreach (var entry in storedEntries)
            {
                _entries.TryAdd((entry.Partition, entry.FirstOffset), entry);
            }

            Summarize();
            acceptedEntries.ForEach(entry => logger.DamageAccepted(entry.Partition, entry.FirstOffset, entry.LastOffset));
        }
    }

    private List<DamageEntry> ReadFolder()
    {
        var storedEntries = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Select(Path.GetFileName).Select(name => DamageEntry.Parse(name!)).OfType<DamageEntry>()
                .ToList()
            : [];
        foreach (var entry in storedEntries.ToList())
        {
            if (topics.FindPartition(entry.Partition.Topic, entry.Partition.Partition) is not { } partition
                || partition.LogStart > entry.LastOffset)
            {
                disk.Delete(Path.Combine(folder, entry.FileName));
                storedEntries.Remove(entry);
            }
        }

        return storedEntries;
    }

    private void Add(DamageEntry entry, string? segment)
    {
        // The file is written under the lock, so that a concurrent refresh does not treat the entry as deleted. Damage is rare, so the wait
        // is acceptable.
        lock (_gate)
        {
            entry.LastSeenAt = time.GetTimestamp();
            if (_entries.TryGetValue((entry.Partition, entry.FirstOffset), out var known))
            {
                known.LastSeenAt = entry.LastSeenAt;
                return;
            }

            _entries.Add((entry.Partition, entry.FirstOffset), entry);
            Summarize();
            metrics.Damaged();
            entry.Segment = segment;
            Store(entry); // before the line, because the line names the file
            var path = Path.Combine(folder, entry.FileName);
            if (segment is null)
            {
                logger.RecordsLost(entry.Partition, entry.LastOffset - entry.FirstOffset + 1, entry.FirstOffset, entry.LastOffset, path);
            }
            else
            {
                logger.BatchDamaged(segment, entry.Partition, entry.FirstOffset, entry.LastOffset, path);
            }
        }
    }

    private void Store(DamageEntry entry)
    {
        try
        {
            disk.CreateFolder(folder);
            disk.Replace(Path.Combine(folder, entry.FileName), Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {entry.Partition} from offset {entry.FirstOffset} to {entry.LastOffset}: "
                    + $"{entry.Segment ?? "no intact copy is left"}\n")));
            disk.FlushFolder(Path.GetDirectoryName(folder)!);
            entry.IsStored = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.DamageNotStored(folder, e.Message);
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
        var entries = _entries.Values.Where(e => !e.IsAccepted).OrderBy(e => e.Partition.ToString(), StringComparer.Ordinal)
            .ThenBy(e => e.FirstOffset).ToList();
        _openCount = entries.Count;
        _problem = entries is [var first, ..]
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{entries.Count} {(entries.Count == 1 ? "range of records is" : "ranges of records are")} damaged or lost, the first in "
                    + $"{first.Partition} from offset {first.FirstOffset} to {first.LastOffset}; see {folder}")
            : null;
    }
}
