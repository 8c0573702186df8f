using CloudTicks.Foundations;
using CloudTicks.Timescale;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Storing;

/// <summary>Why ticks do not reach the table, logged as one outage for all partitions. Thread-safe.</summary>
public sealed class StoringOutage(NpgsqlDataSource database, TimeProvider time, ILogger<StoringOutage> logger)
{
    /// <summary>How long storing must fail before a conflict with another session is logged.</summary>
    private static readonly TimeSpan ConflictTolerance = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<int> _waitingPartitions = [];
    private readonly HashSet<DatabaseProblemKind?> _loggedKinds = [];
    private readonly OutageLog _outage = new(time);
    private volatile string? _problem;

    /// <summary>The problem and its remedy; null when there is no problem.</summary>
    public string? Problem => _problem;

    /// <summary>Notes that an attempt to store a partition's records failed. The attempt is repeated.</summary>
    internal void Failed(int partition, Exception failure)
    {
        DatabaseProblem? problem = failure is NpgsqlException refused ? DatabaseProblem.Of(refused, database.ConnectionString) : null;
        var text = problem?.Text ?? $"{failure.Message.TrimEnd('.')}.";
        lock (_gate)
        {
            if (_waitingPartitions.Add(partition) && _waitingPartitions.Count == 1)
            {
                _outage.Begin();
                _loggedKinds.Clear();
            }

            _problem = text;
            if (problem?.Kind == DatabaseProblemKind.Conflict && _outage.Duration < ConflictTolerance)
            {
                return;
            }

            switch (_outage.Notice(out var lasted, isNewCause: _loggedKinds.Add(problem?.Kind)))
            {
                case OutageNotice.First:
                    logger.StoringStopped(text);
                    break;
                case OutageNotice.Reminder:
                    logger.StoringStillStopped((long)lasted.TotalSeconds, _waitingPartitions.Count, text);
                    break;
            }
        }
    }

    internal void Stored(int partition) => Remove(partition, isStored: true);

    /// <summary>
    /// Reports that attempts for a partition ended without success: another host owns the partition now, or this host is stopping.
    /// </summary>
    internal void Abandon(int partition) => Remove(partition, isStored: false);

    private void Remove(int partition, bool isStored)
    {
        if (_problem is null)
        {
            return;
        }

        lock (_gate)
        {
            if (!_waitingPartitions.Remove(partition) || _waitingPartitions.Count > 0)
            {
                return;
            }

            _problem = null;
            if (_outage.End(out var lasted) && isStored)
            {
                logger.StoringResumed((long)lasted.TotalSeconds);
            }
        }
    }
}
