using CloudTicks.Foundations.Disks;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// All unfilled and recently ended gaps, in memory and in a file that the next run reads. <see cref="Save"/> makes changes durable. To
/// bound its size, the ledger removes published gaps that ended more than a day ago, and merges gaps of a channel that has
/// <see cref="MaxUnfilledPerChannel"/> unfilled gaps. Thread-safe.
/// </summary>
internal sealed class GapLedger : IDisposable
{
    /// <summary>When a channel has this many unfilled gaps, <see cref="Put"/> merges a new open gap into the newest open one.</summary>
    public const int MaxUnfilledPerChannel = 64;

    private const string FileName = "gaps.journal";
    private const long MinRewriteBytes = 4 << 20;

    private static readonly TimeSpan EndedRetention = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Lock _fileLock = new();
    private readonly TimeProvider _time;
    private readonly GapJournal _journal;
    private readonly Dictionary<Guid, FeedGap> _gaps = [];
    private readonly Dictionary<FeedChannel, List<Guid>> _unfilled = [];
    private readonly Dictionary<Guid, long> _publishedMs = [];
    private readonly HashSet<Guid> _unsaved = [];
    private readonly List<byte[]> _unsavedMarks = [];
    private long _rewriteAtBytes = MinRewriteBytes;
    private long _recovered;

    private GapLedger(GapJournal journal, TimeProvider time) => (_journal, _time) = (journal, time);

    /// <summary>Bytes of an incomplete last entry that were cut off when the file was opened.</summary>
    public long UnfinishedBytes => _journal.UnfinishedBytes;

    /// <summary>The damage found when the file was opened; null when there was none.</summary>
    public JournalDamage? Damage => _journal.Damage;

    /// <summary>Called on each change, on any thread and while the lock is held. The callback must not block.</summary>
    public Action? OnChange { get; set; }

    /// <summary>The number of ticks recovered since the start of the process.</summary>
    public long Recovered => Interlocked.Read(ref _recovered);

    /// <summary>Opens the ledger of a folder.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static GapLedger Open(string folder, TimeProvider time, Disk? disk = null)
    {
        var journal = GapJournal.Open(Path.Combine(folder, FileName), disk ?? new Disk(), time.GetUtcNow(), out var entries);
        var ledger = new GapLedger(journal, time);
        foreach (var entry in entries)
        {
            if (LedgerEntry.TryReadPublished(entry, out var id, out var changedMs))
            {
                ledger._publishedMs[id] = changedMs;
            }
            else if (GapRecord.TryRead(entry, out var gap, out _))
            {
                ledger.Set(gap);
            }
        }

        return ledger;
    }

    /// <summary>The gap with this id; null when it does not exist or was removed from the ledger.</summary>
    public FeedGap? Find(Guid id)
    {
        lock (_gate)
        {
            return _gaps.GetValueOrDefault(id);
        }
    }

    public IReadOnlyList<FeedGap> All()
    {
        lock (_gate)
        {
            return [.. _gaps.Values];
        }
    }

    /// <summary>The open and filling gaps of a channel, ordered by their beginning.</summary>
    public IReadOnlyList<FeedGap> UnfilledOf(FeedChannel channel)
    {
        lock (_gate)
        {
            return _unfilled.TryGetValue(channel, out var ids) ? [.. ids.Select(id => _gaps[id]).OrderBy(gap => gap.FromMs)] : [];
        }
    }

    /// <summary>Adds a gap or replaces its state. If the channel has too many gaps, a new open gap is merged into the newest one.</summary>
    /// <returns>The gap as stored in the ledger.</returns>
    public FeedGap Put(FeedGap gap)
    {
        lock (_gate)
        {
            var known = _gaps.GetValueOrDefault(gap.Id);
            if (known is null && gap.State == GapState.Open && FindMergeTarget(gap) is { } newest)
            {
                (known, gap) = (newest, newest with
                {
                    FromMs = Math.Min(newest.FromMs, gap.FromMs),
                    ToMs = gap.ToMs is { } to && newest.ToMs is { } end ? Math.Max(to, end) : null,
                    Detail = gap.Detail ?? newest.Detail,
                    Missing = newest.Missing + gap.Missing,
                });
            }

            return Replace(known, gap);
        }
    }

    /// <summary>Adds a gap without merging it: a piece of another gap, or a requested time range.</summary>
    public FeedGap AddSeparate(FeedGap gap)
    {
        lock (_gate)
        {
            return Replace(_gaps.GetValueOrDefault(gap.Id), gap);
        }
    }

    /// <summary>Changes a gap atomically.</summary>
    /// <returns>The changed gap; null when it does not exist or <paramref name="change"/> returned null.</returns>
    public FeedGap? Change(Guid id, Func<FeedGap, FeedGap?> change)
    {
        lock (_gate)
        {
            return _gaps.TryGetValue(id, out var gap) && change(gap) is { } changed ? Replace(gap, changed) : null;
        }
    }

    /// <summary>The gaps whose newest state was not published, oldest change first.</summary>
    public IReadOnlyList<FeedGap> Unpublished(int maxCount)
    {
        lock (_gate)
        {
            return [.. _gaps.Values.Where(gap => _publishedMs.GetValueOrDefault(gap.Id) < gap.ChangedMs).OrderBy(gap => gap.ChangedMs)
                .Take(maxCount)];
        }
    }

    public void MarkPublished(FeedGap gap)
    {
        lock (_gate)
        {
            _publishedMs[gap.Id] = gap.ChangedMs;
            _unsavedMarks.Add(LedgerEntry.Published(gap.Id, gap.ChangedMs));
        }
    }

    /// <summary>Marks gaps as unpublished, because their published states may be lost, and returns the number of these gaps.</summary>
    public int PublishAgain(Predicate<FeedGap> isLost)
    {
        lock (_gate)
        {
            Guid[] lost = [.. _gaps.Values.Where(gap => _publishedMs.GetValueOrDefault(gap.Id) > 0 && isLost(gap)).Select(gap => gap.Id)];
            foreach (var id in lost)
            {
                _publishedMs[id] = 0;
                _unsavedMarks.Add(LedgerEntry.Published(id, 0));
            }

            OnChange?.Invoke();
            return lost.Length;
        }
    }

    /// <summary>Makes all changes so far durable.</summary>
    /// <exception cref="IOException">The write failed; the changes stay in memory for the next call.</exception>
    public void Save()
    {
        lock (_fileLock)
        {
            Guid[] changed;
            byte[][] entries, marks;
            lock (_gate)
            {
                (changed, marks) = ([.. _unsaved], [.. _unsavedMarks]);
                entries = [.. changed.Where(_gaps.ContainsKey).Select(id => LedgerEntry.State(_gaps[id])), .. marks];
                _unsaved.Clear();
                _unsavedMarks.Clear();
            }

            if (entries.Length == 0)
            {
                return;
            }

            try
            {
                _journal.Append(entries);
                RewriteIfLong();
            }
            catch (IOException)
            {
                lock (_gate)
                {
                    _unsaved.UnionWith(changed);
                    _unsavedMarks.InsertRange(0, marks);
                }

                throw;
            }
        }
    }

    public void Dispose() => _journal.Dispose();

    /// <summary>Requires the lock.</summary>
    private FeedGap Replace(FeedGap? known, FeedGap gap)
    {
        // The newest state wins, so times must increase even if the clock is set back.
        gap = gap with { ChangedMs = Math.Max(_time.GetUtcNow().ToUnixTimeMilliseconds(), (known?.ChangedMs ?? 0) + 1) };
        Interlocked.Add(ref _recovered, Math.Max(0, gap.Recovered - (known?.Recovered ?? 0)));
        Set(gap);
        _unsaved.Add(gap.Id);
        OnChange?.Invoke();
        return gap;
    }

    /// <summary>
    /// The newest open gap of the channel if the channel has the maximum number of unfilled gaps; otherwise null. Requires the lock.
    /// </summary>
    private FeedGap? FindMergeTarget(FeedGap gap) =>
        _unfilled.TryGetValue(new FeedChannel(gap.Symbol, gap.Kind), out var ids) && ids.Count >= MaxUnfilledPerChannel
            ? ids.Select(id => _gaps[id]).Where(open => open.State == GapState.Open).MaxBy(open => open.ToMs ?? long.MaxValue)
            : null;

    /// <summary>Requires the lock, except while the ledger is being opened.</summary>
    private void Set(FeedGap gap)
    {
        _gaps[gap.Id] = gap;
        var channel = new FeedChannel(gap.Symbol, gap.Kind);
        if (gap.State is GapState.Filled or GapState.Unfillable)
        {
            if (_unfilled.TryGetValue(channel, out var ids) && ids.Remove(gap.Id) && ids.Count == 0)
            {
                _unfilled.Remove(channel);
            }
        }
        else
        {
            if (!_unfilled.TryGetValue(channel, out var ids))
            {
                _unfilled.Add(channel, ids = []);
            }

            if (!ids.Contains(gap.Id))
            {
                ids.Add(gap.Id);
            }
        }
    }

    private void RewriteIfLong()
    {
        if (_journal.Length < _rewriteAtBytes)
        {
            return;
        }

        byte[][] entries;
        lock (_gate)
        {
            var endedBefore = _time.GetUtcNow().ToUnixTimeMilliseconds() - (long)EndedRetention.TotalMilliseconds;
            var byEnded = _gaps.Values.ToLookup(gap => gap.State is GapState.Filled or GapState.Unfillable && gap.ChangedMs < endedBefore);
            // A loss counts the ticks that its ended gaps restored, so ended gaps are kept until all gaps of the loss have ended.
            var losses = byEnded[false].Select(gap => gap.Loss).OfType<Guid>().ToHashSet();
            foreach (var gap in byEnded[true].Where(gap => gap.Loss is not { } loss || !losses.Contains(loss)).ToArray())
            {
                if (_publishedMs.GetValueOrDefault(gap.Id) == gap.ChangedMs)
                {
                    _gaps.Remove(gap.Id);
                }
            }

            foreach (var id in _publishedMs.Keys.Where(id => !_gaps.ContainsKey(id)).ToArray())
            {
                _publishedMs.Remove(id);
            }

            entries = [.. _gaps.Values.Select(LedgerEntry.State),
                .. _publishedMs.Select(mark => LedgerEntry.Published(mark.Key, mark.Value))];
        }

        _journal.Rewrite(entries);
        _rewriteAtBytes = Math.Max(MinRewriteBytes, 2 * _journal.Length);
    }
}
