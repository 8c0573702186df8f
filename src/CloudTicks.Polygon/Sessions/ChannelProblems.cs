using System.Diagnostics.CodeAnalysis;
using CloudTicks.Foundations;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Tracks why channels are not in the wanted state, and when each is requested again. The pauses between requests grow. Callers must
/// hold the feed's lock.
/// </summary>
internal sealed class ChannelProblems(SessionTimings timings)
{
    private readonly Dictionary<FeedChannel, ChannelProblem> _problems = [];

    public ChannelProblem? this[FeedChannel channel] => _problems.GetValueOrDefault(channel);

    /// <summary>The time at which the next channel is requested again; <see cref="TimeSpan.MaxValue"/> when there is none.</summary>
    public TimeSpan NextDue => _problems.Values.Where(problem => problem.Kind != ChannelProblemKind.Halved).Select(problem => problem.Due)
        .DefaultIfEmpty(TimeSpan.MaxValue).Min();

    /// <summary>Whether a problem is reported to the operator. Other problems usually resolve themselves.</summary>
    public static bool IsReported(ChannelProblem problem) => problem.Kind switch
    {
        ChannelProblemKind.Missing => problem.Tries >= MissingReport.MinAttempts,
        ChannelProblemKind.Halved => false,
        _ => true,
    };

    public (FeedChannel Channel, ChannelProblem Problem)[] Reported() =>
        [.. _problems.Where(problem => IsReported(problem.Value)).Select(problem => (problem.Key, problem.Value))];

    public IEnumerable<FeedChannel> DueAt(TimeSpan now) =>
        _problems.Where(problem => problem.Value.Due <= now).Select(problem => problem.Key);

    /// <summary>Records a problem. The pause begins at <paramref name="first"/> and doubles each time, up to a maximum.</summary>
    public ChannelProblem Record(FeedChannel channel, ChannelProblemKind kind, TimeSpan now, TimeSpan first, string message)
    {
        var tries = _problems.GetValueOrDefault(channel) is { } before && before.Kind == kind ? before.Tries + 1 : 1;
        var pause = new Backoff(first, timings.MaxRetryDelay).After(tries);
        return _problems[channel] = new ChannelProblem(kind, tries, now + pause, message);
    }

    /// <summary>Records that a response is pending, which is not a problem yet.</summary>
    public void RecordPending(FeedChannel channel) =>
        _problems.TryAdd(channel, new ChannelProblem(ChannelProblemKind.Missing, 0, TimeSpan.MaxValue, ""));

    /// <summary>Records channels that were refused together and will be requested in smaller messages.</summary>
    public void Halve(IEnumerable<FeedChannel> channels, string message)
    {
        foreach (var channel in channels)
        {
            _problems[channel] = new ChannelProblem(ChannelProblemKind.Halved, 0, TimeSpan.MaxValue, message);
        }
    }

    public void RetryLimited()
    {
        foreach (var (channel, problem) in _problems.Where(problem => problem.Value.Kind == ChannelProblemKind.Limited).ToArray())
        {
            _problems[channel] = problem with { Due = TimeSpan.Zero };
        }
    }

    /// <summary>Removes a channel that is in the wanted state, or no longer wanted.</summary>
    public bool Remove(FeedChannel channel, [NotNullWhen(true)] out ChannelProblem? problem) => _problems.Remove(channel, out problem);

    public void RemoveExcept(Predicate<FeedChannel> isWanted)
    {
        foreach (var channel in _problems.Keys.Where(channel => !isWanted(channel)).ToArray())
        {
            _problems.Remove(channel);
        }
    }

    /// <summary>Keeps the retry times of channels that were reported as refused or missing, and forgets all other problems.</summary>
    public void EndSession()
    {
        foreach (var (channel, problem) in _problems.ToArray())
        {
            if (problem.Kind is ChannelProblemKind.Halved or ChannelProblemKind.Limited || !IsReported(problem))
            {
                _problems.Remove(channel);
            }
        }
    }

    public void Clear() => _problems.Clear();
}
