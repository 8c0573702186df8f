using System.Diagnostics.CodeAnalysis;
using CloudTicks.Foundations;

namespace CloudTicks.Polygon.Sessions;

/// <summary>Channels not as wanted: why, and when each is requested again, after growing pauses. Guarded by the market's lock.</summary>
internal sealed class ChannelTroubles(SessionTimings timings)
{
    private readonly Dictionary<FeedChannel, ChannelTrouble> _troubles = [];

    public ChannelTrouble? this[FeedChannel channel] => _troubles.GetValueOrDefault(channel);

    /// <summary>When the next is asked for again; <see cref="TimeSpan.MaxValue"/> when none is.</summary>
    public TimeSpan NextDue => _troubles.Values.Where(trouble => trouble.Kind != TroubleKind.Halved).Select(trouble => trouble.Due)
        .DefaultIfEmpty(TimeSpan.MaxValue).Min();

    /// <summary>Whether a trouble is one that an operator is told of, not one that passes mostly by itself.</summary>
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

    /// <summary>Notes a trouble; <paramref name="first"/>, the first pause, doubles with each repetition.</summary>
    public ChannelTrouble Again(FeedChannel channel, TroubleKind kind, TimeSpan now, TimeSpan first, string message)
    {
        var tries = _troubles.GetValueOrDefault(channel) is { } before && before.Kind == kind ? before.Tries + 1 : 1;
        var pause = new Backoff(first, timings.LongestAgain).After(tries);
        return _troubles[channel] = new ChannelTrouble(kind, tries, now + pause, message);
    }

    /// <summary>An answer is awaited; it is no trouble yet.</summary>
    public void Await(FeedChannel channel) => _troubles.TryAdd(channel, new ChannelTrouble(TroubleKind.Missing, 0, TimeSpan.MaxValue, ""));

    /// <summary>They were refused together and wait to be asked for in smaller messages.</summary>
    public void Halve(IEnumerable<FeedChannel> channels, string message)
    {
        foreach (var channel in channels)
        {
            _troubles[channel] = new ChannelTrouble(TroubleKind.Halved, 0, TimeSpan.MaxValue, message);
        }
    }

    public void HaveRoom()
    {
        foreach (var (channel, trouble) in _troubles.Where(trouble => trouble.Value.Kind == TroubleKind.Limited).ToArray())
        {
            _troubles[channel] = trouble with { Due = TimeSpan.Zero };
        }
    }

    /// <summary>A channel is as it is wanted, or nobody wants anything of it.</summary>
    public bool Remove(FeedChannel channel, [NotNullWhen(true)] out ChannelTrouble? trouble) => _troubles.Remove(channel, out trouble);

    public void Keep(Predicate<FeedChannel> which)
    {
        foreach (var channel in _troubles.Keys.Where(channel => !which(channel)).ToArray())
        {
            _troubles.Remove(channel);
        }
    }

    /// <summary>Long refused or missing channels keep their times; all others begin anew with the next session.</summary>
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
