using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// The state of one client's fetches (KIP-227): the next offset and the last reported watermarks of each partition. Every fetch increments
/// the epoch. A fetch with an unexpected epoch is refused, for example after a lost fetch; the client then opens a new session.
/// </summary>
internal sealed class FetchSession(int id, Func<long, bool> tryTakeMemory)
{
    /// <summary>The id that means "no session".</summary>
    public const int None = 0;

    /// <summary>The epoch of a full fetch that opens a session.</summary>
    public const int InitialEpoch = 0;

    /// <summary>The epoch of a full fetch that opens no session, and closes the session whose id it contains.</summary>
    public const int FinalEpoch = -1;

    /// <summary>Approximate bytes of memory for one partition, without its topic's name.</summary>
    private const int PartitionBytes = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string, int), PartitionState> _partitions = [];
    private List<PartitionState> _partitionOrder = [];
    private int _epoch = Next(InitialEpoch);
    private bool _closed;

    public int Id => id;

    /// <summary>Bytes that the session has taken from the memory budget.</summary>
    public long Bytes { get; private set; }

    /// <summary>The timestamp of the last use, set by <see cref="FetchSessions"/>.</summary>
    public long UsedAt { get; set; }

    /// <summary>Starts the session with the partitions and watermarks of the response to a full fetch.</summary>
    /// <returns>False when the memory budget is exhausted.</returns>
    public bool TryStart(List<FetchPartitionResponse> results)
    {
        lock (_gate)
        {
            foreach (var result in results)
            {
                if (!TryStore(result.Position))
                {
                    return false;
                }

                _partitions[(result.Position.Topic, result.Position.Partition)].Update(result);
            }

            MoveBack(results);
            return true;
        }
    }

    /// <summary>Applies the changes of a fetch request.</summary>
    /// <param name="positions">All partitions of the session.</param>
    public ErrorCode Continue(FetchRequest fetch, out IReadOnlyList<FetchPosition> positions)
    {
        positions = [];
        lock (_gate)
        {
            if (_closed || fetch.SessionEpoch != _epoch)
            {
                return _closed ? ErrorCode.FetchSessionIdNotFound : ErrorCode.InvalidFetchSessionEpoch;
            }

            if (!fetch.Positions.All(TryStore))
            {
                return ErrorCode.FetchSessionIdNotFound;
            }

            foreach (var removed in fetch.Forgotten)
            {
                if (_partitions.Remove(removed, out var state))
                {
                    state.IsRemoved = true;
                }
            }

            if (fetch.Forgotten.Count > 0)
            {
                _partitionOrder.RemoveAll(p => p.IsRemoved);
            }

            _epoch = Next(_epoch);
            positions = _partitionOrder.ConvertAll(p => p.Position);
            return ErrorCode.None;
        }
    }

    /// <summary>Removes the partitions without changes from a response.</summary>
    /// <param name="epoch">The epoch of the request.</param>
    /// <param name="results">The results of the fetch; those without changes are removed.</param>
    public ErrorCode RemoveUnchanged(int epoch, List<FetchPartitionResponse> results)
    {
        lock (_gate)
        {
            if (_epoch != Next(epoch))
            {
                // The client has already sent another fetch without waiting for this response.
                results.ForEach(a => a.Records.Dispose());
                results.Clear();
                return ErrorCode.InvalidFetchSessionEpoch;
            }

            results.RemoveAll(a => !_partitions[(a.Position.Topic, a.Position.Partition)].Update(a));
            MoveBack(results);
            return ErrorCode.None;
        }
    }

    /// <returns>The bytes to release to the memory budget.</returns>
    public long Close()
    {
        lock (_gate)
        {
            _closed = true;
            return Bytes;
        }
    }

    private static int Next(int epoch) => epoch == int.MaxValue ? InitialEpoch + 1 : epoch + 1;

    private bool TryStore(FetchPosition position)
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
        var state = new PartitionState { Position = position };
        _partitions.Add(key, state);
        _partitionOrder.Add(state);
        return true;
    }

    /// <summary>
    /// Moves each partition to the end of the order after its records were sent, so that no partition starves the others.
    /// </summary>
    private void MoveBack(List<FetchPartitionResponse> results)
    {
        var served = results.Where(a => a.Records.Length > 0)
            .Select(a => _partitions[(a.Position.Topic, a.Position.Partition)]).ToHashSet();
        if (served.Count > 0)
        {
            _partitionOrder = [.. _partitionOrder.Where(p => !served.Contains(p)), .. _partitionOrder.Where(served.Contains)];
        }
    }

    private sealed class PartitionState
    {
        private long _highWatermark = -1;
        private long _logStart = -1;

        public required FetchPosition Position { get; set; }

        public bool IsRemoved { get; set; }

        /// <summary>Stores the watermarks of a response. An error is reported in every response until it is resolved.</summary>
        /// <returns>True when the response must contain the partition: it has records, an error, or new watermarks.</returns>
        public bool Update(in FetchPartitionResponse result)
        {
            var known = _highWatermark == result.HighWatermark && _logStart == result.LogStart;
            var isError = result.Error != ErrorCode.None;
            (_highWatermark, _logStart) = (isError ? -1 : result.HighWatermark, result.LogStart);
            return !known || isError || result.Records.Length > 0;
        }
    }
}
