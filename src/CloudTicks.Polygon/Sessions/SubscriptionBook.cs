using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// What one connection wants to hold against what the server has acknowledged, without I/O: it says what to ask for next, one message at
/// a time, because a refusal does not say which channels it means. What is not acknowledged is asked for again, for ever, after pauses
/// that grow; a refused message is halved until the refused channel is alone. All methods take the market's lock.
/// </summary>
internal sealed class SubscriptionBook(string label, Market market, SessionTimings timings, PolygonMetrics metrics, TimeProvider time, Lock gate, ILogger logger)
{
    /// <summary>An over-long subscription is refused whole; smaller messages lose less.</summary>
    public const int ChannelsPerMessage = 200;

    private readonly HashSet<FeedChannel> _held = [];
    private readonly ChannelTroubles _troubles = new(timings);
    private readonly ChannelTroubles _leaving = new(timings);
    private readonly RefusedParts _parts = new(timings);
    private readonly MissingReport _report = new(label, market, metrics, logger);
    private HashSet<FeedChannel> _wanted = [];
    private AskedMessage? _asked;
    private bool _open;

    /// <summary>Told, under the lock, when the server takes not one channel more.</summary>
    public Action OnNoRoom { get; init; } = () => { };

    private TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>Channels that the connection is to hold.</summary>
    public int WantedCount
    {
        get
        {
            lock (gate)
            {
                return _wanted.Count;
            }
        }
    }

    /// <summary>Those of them that the server has acknowledged.</summary>
    public int AcknowledgedCount
    {
        get
        {
            lock (gate)
            {
                return _held.Count(_wanted.Contains);
            }
        }
    }

    /// <summary>Whether the server has acknowledged a channel, and not taken it back.</summary>
    public bool Holds(FeedChannel channel)
    {
        lock (gate)
        {
            return _held.Contains(channel);
        }
    }

    /// <summary>The channels that the server has acknowledged.</summary>
    public FeedChannel[] Held()
    {
        lock (gate)
        {
            return [.. _held];
        }
    }

    /// <summary>Wanted channels that are in trouble of a kind that was reported, with what the server said.</summary>
    public IEnumerable<(FeedChannel Channel, ChannelTrouble Trouble)> Troubles()
    {
        lock (gate)
        {
            return _troubles.Reported();
        }
    }

    /// <summary>Replaces what is wanted.</summary>
    public void SetWanted(IEnumerable<FeedChannel> channels)
    {
        lock (gate)
        {
            _wanted = [.. channels];
            _leaving.Keep(channel => !_wanted.Contains(channel));
            _troubles.Keep(_wanted.Contains);
        }
    }

    /// <summary>One channel is not wanted any more.</summary>
    /// <returns>How many still are.</returns>
    public int Release(FeedChannel channel)
    {
        lock (gate)
        {
            _wanted.Remove(channel);
            _troubles.Remove(channel, out _);
            return _wanted.Count;
        }
    }

    /// <summary>A session stands: nothing is held in it yet.</summary>
    public void Begin()
    {
        lock (gate)
        {
            Forget();
            _open = true;
        }
    }

    /// <summary>The session is over.</summary>
    /// <returns>What was held.</returns>
    public FeedChannel[] End()
    {
        lock (gate)
        {
            FeedChannel[] held = [.. _held];
            Forget();
            _open = false;
            return held;
        }
    }

    /// <summary>How long until there is something to say: zero when there is now, null when there is nothing at all.</summary>
    public TimeSpan? UntilNext()
    {
        lock (gate)
        {
            var now = Now;
            Settle(now);
            return !_open ? null
                : _asked is { } asked ? Later(asked.SettlesAt(timings) - now)
                : Choose(now) is not null ? TimeSpan.Zero
                : NextDue(now) is { } due ? Later(due - now)
                : null;
        }
    }

    /// <summary>What to say now; it counts as said.</summary>
    /// <returns>Null when there is nothing to say after all.</returns>
    public ControlMessage? TakeNext()
    {
        lock (gate)
        {
            var now = Now;
            Settle(now);
            if (!_open || _asked is not null || Choose(now) is not { } next)
            {
                return null;
            }

            (_asked, next.SentAt, next.LastNewsAt) = (next, now, now);
            if (next.IsSubscription)
            {
                if (next.IsPart)
                {
                    _parts.Taken();
                }

                return ControlMessage.Subscribe(next.Channels);
            }

            foreach (var channel in next.Channels)
            {
                _held.Remove(channel);
                _leaving.Await(channel);
            }

            return ControlMessage.Unsubscribe(next.Channels);
        }
    }

    /// <summary>The server has acknowledged a subscription.</summary>
    /// <returns>True when the channel was not held before.</returns>
    public bool OnSubscribed(FeedChannel channel)
    {
        lock (gate)
        {
            _asked?.Answer(channel, subscribed: true, Now);
            _parts.Acknowledged();
            _leaving.Remove(channel, out _);
            if (_troubles.Remove(channel, out var trouble) && ChannelTroubles.IsReported(trouble))
            {
                logger.AcknowledgedAfterAll(label, channel);
            }

            var isNew = _open && _held.Add(channel);
            if (isNew && _held.Count >= _wanted.Count && _wanted.Contains(channel) && _wanted.IsSubsetOf(_held))
            {
                logger.Subscribed(label, _wanted.Count);
            }

            return isNew;
        }
    }

    /// <summary>The server has acknowledged the end of a subscription; that may make room for those that were too many.</summary>
    /// <returns>True when no request preceded it: the server unsubscribed a held channel by itself.</returns>
    public bool OnUnsubscribed(FeedChannel channel)
    {
        lock (gate)
        {
            _asked?.Answer(channel, subscribed: false, Now);
            if (_leaving.Remove(channel, out _))
            {
                _troubles.HaveRoom();
                return false;
            }

            if (!_held.Remove(channel))
            {
                return false;
            }

            if (_wanted.Contains(channel))
            {
                // After a pause: a server that takes back each time would be asked without end.
                _troubles.Again(channel, TroubleKind.Missing, Now, timings.AskAgain, "");
                _report.TakenBack(channel);
            }

            return true;
        }
    }

    /// <summary>The server refused something; what, it does not say.</summary>
    public void OnError(string message)
    {
        lock (gate)
        {
            _asked?.Refuse(message, Now);
        }
    }

    private static TimeSpan Later(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);

    private void Forget()
    {
        _held.Clear();
        _leaving.Clear();
        _parts.Reset();
        _asked = null;
        _troubles.EndSession();
    }

    private AskedMessage? Choose(TimeSpan now)
    {
        var leaving = _held.Where(channel => !_wanted.Contains(channel))
            .Concat(_leaving.DueAt(now).Where(channel => !_wanted.Contains(channel)))
            .Take(ChannelsPerMessage).ToArray();
        if (leaving.Length > 0)
        {
            return new AskedMessage(leaving, IsSubscription: false);
        }

        if (now < _parts.PausedUntil)
        {
            return null;
        }

        // A limit is searched from its first half on, before anything else is refused for the same reason.
        if (_parts.IsUrgent && NextPart() is { } urgent)
        {
            return urgent;
        }

        var fresh = Wanted(trouble => trouble is null);
        return fresh.Length > 0 ? new AskedMessage(fresh, IsSubscription: true) : NextPart() ?? NextRetry(now);
    }

    private AskedMessage? NextPart() => _parts.Next(channel => _wanted.Contains(channel) && !_held.Contains(channel)) is { } part
        ? new AskedMessage(part, IsSubscription: true) { IsPart = true }
        : null;

    private AskedMessage? NextRetry(TimeSpan now)
    {
        var again = Wanted(trouble => trouble is { Kind: TroubleKind.Missing or TroubleKind.Limited } && trouble.Due <= now);
        again = again.Length > 0 ? again : [.. Wanted(trouble => trouble is { Kind: TroubleKind.Refused } && trouble.Due <= now).Take(1)];
        return again.Length > 0 ? new AskedMessage(again, IsSubscription: true) : null;
    }

    private FeedChannel[] Wanted(Func<ChannelTrouble?, bool> condition) =>
        [.. _wanted.Where(channel => !_held.Contains(channel) && condition(_troubles[channel])).Take(ChannelsPerMessage)];

    private TimeSpan? NextDue(TimeSpan now)
    {
        var due = _troubles.NextDue < _leaving.NextDue ? _troubles.NextDue : _leaving.NextDue;
        due = _parts.PausedUntil > now && _parts.PausedUntil < due ? _parts.PausedUntil : due;
        return due == TimeSpan.MaxValue ? null : due;
    }

    private void Settle(TimeSpan now)
    {
        if (_asked is not { } asked || (!asked.IsAnswered && now < asked.SettlesAt(timings)))
        {
            return;
        }

        _asked = null;
        var silent = asked.Unanswered;
        if (silent.Length == 0)
        {
            return;
        }

        if (!asked.IsSubscription)
        {
            foreach (var channel in silent.Where(channel => _leaving[channel] is not null))
            {
                _leaving.Again(channel, TroubleKind.Missing, now, timings.AskAgain, "");
            }
        }
        else if (asked.Refusal is { } refusal)
        {
            Refuse(silent, refusal, now);
        }
        else
        {
            foreach (var channel in silent)
            {
                if (_troubles.Again(channel, TroubleKind.Missing, now, timings.AskAgain, "").Tries == MissingReport.AfterTries)
                {
                    _report.Add(channel);
                }
            }

            _report.Say();
        }
    }

    private void Refuse(FeedChannel[] channels, string message, TimeSpan now)
    {
        _parts.Slow(now);
        if (channels.Length > 1)
        {
            _troubles.Halve(channels, message);
            _parts.Halve(channels, message);
            return;
        }

        var channel = channels[0];
        var isNew = _troubles[channel] is not { Kind: TroubleKind.Refused };
        _troubles.Again(channel, TroubleKind.Refused, now, timings.RefusedAgain, message);
        if (isNew)
        {
            _report.Refused(channel, message);
        }

        if (RefusedParts.IsLimit(message))
        {
            Limit(message, now);
        }
    }

    /// <summary>Not one more is taken: the others would be refused as well, one by one.</summary>
    private void Limit(string message, TimeSpan now)
    {
        _parts.Clear();
        var others = 0;
        foreach (var channel in _wanted.Where(channel => !_held.Contains(channel)))
        {
            if (_troubles[channel] is not { Kind: TroubleKind.Refused or TroubleKind.Missing })
            {
                _troubles.Again(channel, TroubleKind.Limited, now, timings.LimitedAgain, message);
                others++;
            }
        }

        _report.Limited(_held.Count, others, message);
        OnNoRoom();
    }
}
