using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>One connection's wanted against acknowledged channels; one message at a time, as a refusal names none. Locks itself.</summary>
internal sealed class SubscriptionBook
{
    private readonly string _label;
    private readonly SessionTimings _timings;
    private readonly TimeProvider _time;
    private readonly Lock _gate;
    private readonly ILogger _logger;
    private readonly HashSet<FeedChannel> _held = [];
    private readonly ChannelTroubles _troubles;
    private readonly ChannelTroubles _leaving;
    private readonly RefusedParts _parts;
    private readonly MissingReport _report;
    private readonly NextMessage _next;
    private readonly AnswerReview _review;
    private HashSet<FeedChannel> _wanted = [];
    private AskedMessage? _asked;
    private bool _open;

    public SubscriptionBook(
        string label, Market market, SessionTimings timings, PolygonMetrics metrics, TimeProvider time, Lock gate, ILogger logger)
    {
        (_label, _timings, _time, _gate, _logger) = (label, timings, time, gate, logger);
        (_troubles, _leaving, _parts) = (new ChannelTroubles(timings), new ChannelTroubles(timings), new RefusedParts(timings));
        _report = new MissingReport(label, market, metrics, logger);
        _next = new NextMessage(_held, _troubles, _leaving, _parts);
        _review = new AnswerReview(_held, _troubles, _leaving, _parts, _report, timings);
    }

    /// <summary>Told, under the lock, when the server takes not one channel more.</summary>
    public Action OnNoRoom { get; init; } = () => { };

    private TimeSpan Now => _time.GetElapsedTime(0);

    public int WantedCount
    {
        get
        {
            lock (_gate)
            {
                return _wanted.Count;
            }
        }
    }

    public int AcknowledgedCount
    {
        get
        {
            lock (_gate)
            {
                return _held.Count(_wanted.Contains);
            }
        }
    }

    /// <summary>Whether the server has acknowledged a channel, and not taken it back.</summary>
    public bool Holds(FeedChannel channel)
    {
        lock (_gate)
        {
            return _held.Contains(channel);
        }
    }

    public FeedChannel[] Held()
    {
        lock (_gate)
        {
            return [.. _held];
        }
    }

    /// <summary>Wanted channels that are in trouble of a kind that was reported, with what the server said.</summary>
    public IEnumerable<(FeedChannel Channel, ChannelTrouble Trouble)> Troubles()
    {
        lock (_gate)
        {
            return _troubles.Reported();
        }
    }

    public void SetWanted(IEnumerable<FeedChannel> channels)
    {
        lock (_gate)
        {
            _wanted = [.. channels];
            _leaving.Keep(channel => !_wanted.Contains(channel));
            _troubles.Keep(_wanted.Contains);
        }
    }

    /// <summary>One channel is not wanted any more.</summary>
    public int Release(FeedChannel channel)
    {
        lock (_gate)
        {
            _wanted.Remove(channel);
            _troubles.Remove(channel, out _);
            return _wanted.Count;
        }
    }

    /// <summary>A session stands: nothing is held in it yet.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            Forget();
            _open = true;
        }
    }

    public FeedChannel[] End()
    {
        lock (_gate)
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
        lock (_gate)
        {
            var now = Now;
            Settle(now);
            return !_open ? null
                : _asked is { } asked ? Later(asked.SettlesAt(_timings) - now)
                : _next.Choose(_wanted, now) is not null ? TimeSpan.Zero
                : _next.DueAt(now) is { } due ? Later(due - now)
                : null;
        }
    }

    /// <summary>What to say now; it counts as said.</summary>
    /// <returns>Null when there is nothing to say after all.</returns>
    public ControlMessage? TakeNext()
    {
        lock (_gate)
        {
            var now = Now;
            Settle(now);
            if (!_open || _asked is not null || _next.Choose(_wanted, now) is not { } next)
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
        lock (_gate)
        {
            _asked?.Answer(channel, subscribed: true, Now);
            _parts.Acknowledged();
            _leaving.Remove(channel, out _);
            if (_troubles.Remove(channel, out var trouble) && ChannelTroubles.IsReported(trouble))
            {
                _logger.AcknowledgedAfterAll(_label, channel);
            }

            var isNew = _open && _held.Add(channel);
            if (isNew && _held.Count >= _wanted.Count && _wanted.Contains(channel) && _wanted.IsSubsetOf(_held))
            {
                _logger.Subscribed(_label, _wanted.Count);
            }

            return isNew;
        }
    }

    /// <summary>The server has acknowledged the end of a subscription; that may make room for those that were too many.</summary>
    /// <returns>True when no request preceded it: the server unsubscribed a held channel by itself.</returns>
    public bool OnUnsubscribed(FeedChannel channel)
    {
        lock (_gate)
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
                _troubles.Again(channel, TroubleKind.Missing, Now, _timings.AskAgain, "");
                _report.TakenBack(channel);
            }

            return true;
        }
    }

    /// <summary>The server refused something; what, it does not say.</summary>
    public void OnError(string message)
    {
        lock (_gate)
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

    private void Settle(TimeSpan now)
    {
        if (_asked is { } asked && (asked.IsAnswered || now >= asked.SettlesAt(_timings)))
        {
            _asked = null;
            if (_review.Conclude(asked, _wanted, now))
            {
                OnNoRoom();
            }
        }
    }
}
