using CloudTicks.Timescale;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Storing;

/// <summary>
/// Why ticks do not reach the table, for as long as they do not. However many partitions it holds up, it is one fact: said when it
/// begins, once a minute while it lasts, and when it is over.
/// </summary>
/// <param name="database">The database, to name it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of it.</param>
public sealed class StoringOutage(NpgsqlDataSource database, TimeProvider time, ILogger<StoringOutage> logger)
{
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    /// <summary>Conflicts with other sessions are ordinary when they pass at once.</summary>
    private static readonly TimeSpan ConflictPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<int> _waiting = [];
    private readonly HashSet<DatabaseProblemKind?> _said = [];
    private long _since;
    private long _saidAt;
    private volatile string? _problem;

    /// <summary>What is wrong and what to do; null while all is well.</summary>
    public string? Problem => _problem;

    /// <summary>An attempt to store records of a partition has failed, and is made again.</summary>
    internal void Failed(int partition, Exception failure)
    {
        DatabaseProblem? problem = failure is NpgsqlException refused ? DatabaseProblem.Of(refused, database.ConnectionString) : null;
        var text = problem?.Text ?? $"{failure.Message.TrimEnd('.')}.";
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_waiting.Add(partition) && _waiting.Count == 1)
            {
                _since = now;
                _said.Clear();
            }

            _problem = text;
            var lasted = time.GetElapsedTime(_since, now);
            if (problem?.Kind == DatabaseProblemKind.InTheWay && lasted < ConflictPatience)
            {
                return;
            }

            var first = _said.Count == 0;
            if (_said.Add(problem?.Kind))
            {
                _saidAt = now;
                logger.StoringStopped(text);
            }
            else if (!first && time.GetElapsedTime(_saidAt, now) >= Reminder)
            {
                _saidAt = now;
                logger.StoringStillStopped((long)lasted.TotalSeconds, _waiting.Count, text);
            }
        }
    }

    /// <summary>Records of a partition are stored.</summary>
    internal void Stored(int partition) => Remove(partition, isStored: true);

    /// <summary>The attempts for a partition have ended without success: it is another host's now, or this one stops.</summary>
    internal void GivenUp(int partition) => Remove(partition, isStored: false);

    private void Remove(int partition, bool isStored)
    {
        if (_problem is null)
        {
            return;
        }

        lock (_gate)
        {
            if (!_waiting.Remove(partition) || _waiting.Count > 0)
            {
                return;
            }

            _problem = null;
            if (isStored && _said.Count > 0)
            {
                logger.StoringGoesOn((long)time.GetElapsedTime(_since).TotalSeconds);
            }
        }
    }
}
