using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// What the hub remembers of one client's fetches (KIP-227): where it goes on in each partition, and what it was told last. Each fetch has
/// the next epoch; a repeated or lost one does not, and the client begins anew.
/// </summary>
internal sealed class FetchSession(int id, Func<long, bool> tryTakeMemory)
{
    /// <summary>The id of no session.</summary>
    public const int None = 0;

    /// <summary>A full fetch that opens a session.</summary>
    public const int InitialEpoch = 0;

    /// <summary>A full fetch without a session; one that it names is closed.</summary>
    public const int FinalEpoch = -1;

    /// <summary>What a partition costs in memory beside its topic's name, about.</summary>
    private const int PartitionBytes = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string, int), Remembered> _partitions = [];
    private List<Remembered> _order = [];
    private int _epoch = Next(InitialEpoch);
    private bool _closed;

    public int Id => id;

    /// <summary>Memory that was taken for it.</summary>
    public long Bytes { get; private set; }

    /// <summary>When it was used last, by the clock's timestamps; <see cref="FetchSessions"/> keeps it.</summary>
    public long UsedAt { get; set; }

    /// <summary>Begins with what a full fetch was answered.</summary>
    /// <returns>False when there is no memory for it.</returns>
    public bool TryBegin(List<FetchPartitionResponse> answers)
    {
        lock (_gate)
        {
            foreach (var answer in answers)
            {
                if (!TryRemember(answer.Position))
                {
                    return false;
                }

                _partitions[(answer.Position.Topic, answer.Position.Partition)].IsNews(answer);
            }

            MoveBack(answers);
            return true;
        }
    }

    /// <summary>Takes the changes of a fetch.</summary>
    /// <param name="positions">All that it is about now.</param>
    public ErrorCode Continue(FetchRequest fetch, out IReadOnlyList<FetchPosition> positions)
    {
        positions = [];
        lock (_gate)
        {
            if (_closed || fetch.SessionEpoch != _epoch)
            {
                return _closed ? ErrorCode.FetchSessionIdNotFound : ErrorCode.InvalidFetchSessionEpoch;
            }

            if (!fetch.Positions.All(TryRemember))
            {
                return ErrorCode.FetchSessionIdNotFound;
            }

            foreach (var forgotten in fetch.Forgotten)
            {
                if (_partitions.Remove(forgotten, out var gone))
                {
                    gone.IsForgotten = true;
                }
            }

            if (fetch.Forgotten.Count > 0)
            {
                _order.RemoveAll(p => p.IsForgotten);
            }

            _epoch = Next(_epoch);
            positions = _order.ConvertAll(p => p.Position);
            return ErrorCode.None;
        }
    }

    /// <summary>Leaves what the client knows already out of an answer.</summary>
    /// <param name="epoch">That of the fetch.</param>
    /// <param name="answers">Those with news are left.</param>
    public ErrorCode Select(int epoch, List<FetchPartitionResponse> answers)
    {
        lock (_gate)
        {
            if (_epoch != Next(epoch))
            {
                // The client did not wait for this answer, and has sent another fetch.
                answers.ForEach(a => a.Records.Dispose());
                answers.Clear();
                return ErrorCode.InvalidFetchSessionEpoch;
            }

            answers.RemoveAll(a => !_partitions[(a.Position.Topic, a.Position.Partition)].IsNews(a));
            MoveBack(answers);
            return ErrorCode.None;
        }
    }

    /// <returns>The memory to give back.</returns>
    public long Close()
    {
        lock (_gate)
        {
            _closed = true;
            return Bytes;
        }
    }

    private static int Next(int epoch) => epoch == int.MaxValue ? InitialEpoch + 1 : epoch + 1;

    private bool TryRemember(FetchPosition position)
    {
        var key = (position.Topic, position.Partition);
        if (_partitions.TryGetValue(key, out var known))
        {
            known.Position = position;
            return true;
        }

        var cost = PartitionBytes + (sizeof(char) * position.Topic.Length);
        if (!tryTakeMemory(cost))
        {
            return false;
        }

        Bytes += cost;
        var remembered = new Remembered { Position = position };
        _partitions.Add(key, remembered);
        _order.Add(remembered);
        return true;
    }

    /// <summary>Partitions that were answered with records are behind the others next time, so that none keeps others waiting.</summary>
    private void MoveBack(List<FetchPartitionResponse> answers)
    {
        var served = answers.Where(a => a.Records.Length > 0)
            .Select(a => _partitions[(a.Position.Topic, a.Position.Partition)]).ToHashSet();
        if (served.Count > 0)
        {
            _order = [.. _order.Where(p => !served.Contains(p)), .. _order.Where(served.Contains)];
        }
    }

    private sealed class Remembered
    {
        private long _highWatermark = -1;
        private long _logStart = -1;

        public required FetchPosition Position { get; set; }

        public bool IsForgotten { get; set; }

        /// <summary>Whether an answer says what the client does not know; it knows it then. An error is told until it is over.</summary>
        public bool IsNews(in FetchPartitionResponse answer)
        {
            var known = _highWatermark == answer.HighWatermark && _logStart == answer.LogStart;
            var isError = answer.Error != ErrorCode.None;
            (_highWatermark, _logStart) = (isError ? -1 : answer.HighWatermark, answer.LogStart);
            return !known || isError || answer.Records.Length > 0;
        }
    }
}
