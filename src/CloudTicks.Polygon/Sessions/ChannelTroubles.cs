using System.Diagnostics.CodeAnalysis;
using CloudTicks.Foundations;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Channels that are not in the wanted state: why, and when each is requested again, with growing pauses. Requires the market's lock.
/// </summary>
internal sealed class ChannelTroubles(SessionTimings timings)
{
    private readonly Dictionary<FeedChannel, ChannelTrouble> _troubles = [];

    public ChannelTrouble? this[FeedChannel channel] => _troubles.GetValueOrDefault(channel);

    /// <summary>When the next one is requested again; <see cref="TimeSpan.MaxValue"/> when none is.</summary>
    public TimeSpan NextDue => _troubles.Values.Where(trouble => trouble.Kind != TroubleKind.Halved).Select(trouble => trouble.Due)
        .DefaultIfEmpty(TimeSpan.MaxValue).Min();

    /// <summary>Whether a problem is reported to the operator. Others usually pass by themselves.</summary>
    public static bool IsReported(ChannelTrouble trouble) => trouble.Kind switch
    {
        TroubleKind.Missing => trouble.Tries >= MissingReport.AfterTries,
        TroubleKind.Halved => false,
        _ => true,
    };

    public (FeedChannel Channel, ChannelTrouble Trouble)[] Reported() =>
        [.. _troubles.Where(trouble => IsReported(trouble.Value)).Select(trouble => (trouble.Key, trouble.Value))];

    public IEnumerable<FeedChannel> DueAt(TimeSpan now) =>
        _troubles.Where(trouble => trouble.Value.Due <= now).Select(trouble => trouble.Key);

    /// <summary>Records a problem. The pause starts with <paramref name="first"/> and doubles with each repetition.</summary>
    public ChannelTrouble Again(FeedChannel channel, TroubleKind kind, TimeSpan now, TimeSpan first, string message)
    {
        var tries = _troubles.GetValueOrDefault(channel) is { } before && before.Kind == kind ? before.Tries + 1 : 1;
        var pause = new Backoff(first, timings.MaxRetryDelay).After(tries);
        return _troubles[channel] = new ChannelTrouble(kind, tries, now + pause, message);
    }

    /// <summary>Records that a response is awaited, which is not a trouble yet.</summary>
    public void Await(FeedChannel channel) => _troubles.TryAdd(channel, new ChannelTrouble(TroubleKind.Missing, 0, TimeSpan.MaxValue, ""));

    /// <summary>Records channels that were refused together and will be requested in smaller messages.</summary>
    public void Halve(IEnumerable<FeedChannel> channels, string message)
    {
        foreach (var channel in channels)
        {
            _troubles[channel] = new ChannelTrouble(TroubleKind.Halved, 0, TimeSpan.MaxValue, message);
        }
    }

    public void RetryLimited()
    {
        foreach (var (channel, trouble) in _troubles.Where(trouble => trouble.Value.Kind == TroubleKind.Limited).ToArray())
        {
            _troubles[channel] = trouble with { Due = TimeSpan.Zero };
        }
    }

    /// <summary>Removes a channel that is in the wanted state, or no longer wanted.</summary>
    public bool Remove(FeedChannel channel, [NotNullWhen(true)] out ChannelTrouble? trouble) => _troubles.Remove(channel, out trouble);

    public void Keep(Predicate<FeedChannel> isKept)
    {
        foreach (var channel in _troubles.Keys.Where(channel => !isKept(channel)).ToArray())
        {
            _troubles.Remove(channel);
        }
    }

    /// <summary>Keeps the times of reported refused and missing channels; all others are reset for the next session.</summary>
    public void EndSession()
    {
        foreach (var (channel, trouble) in _troubles.ToArray())
        {
            if (trouble.Kind is TroubleKind.Halved or TroubleKind.Limited || !IsReported(trouble))
            {
                _troubles.Remove(channel);
            }
        }
    }

    public void Clear() => _troubles.Clear();
}
