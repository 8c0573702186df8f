using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Tracks the wanted and acknowledged channels of one connection. Only one message is pending at a time, because a refusal does
/// not name the refused channel. Thread-safe.
/// </summary>
internal sealed class SubscriptionBook
{
    private readonly string _label;
    private readonly SessionTimings _timings;
    private readonly TimeProvider _time;
    private readonly Lock _gate;
    private readonly ILogger _logger;
    private readonly HashSet<FeedChannel> _held = [];
    private readonly ChannelProblems _problems;
    private readonly ChannelProblems _removals;
    private readonly RefusedParts _parts;
    private readonly MissingReport _report;
    private readonly NextMessageSelector _messageSelector;
    private readonly ResponseReview _review;
    private HashSet<FeedChannel> _wanted = [];
    private SentControlMessage? _sent;
    private bool _isOpen;

    public SubscriptionBook(
        string label, Market market, SessionTimings timings, PolygonMetrics metrics, TimeProvider time, Lock gate, ILogger logger)
    {
        (_label, _timings, _time, _gate, _logger) = (label, timings, time, gate, logger);
        (_problems, _removals, _parts) = (new ChannelProblems(timings), new ChannelProblems(timings), new RefusedParts(timings));
        _report = new MissingReport(label, market, metrics, logger);
        _messageSelector = new NextMessageSelector(_held, _problems, _removals, _parts);
        _review = new ResponseReview(_held, _problems, _removals, _parts, _report, timings);
    }

    /// <summary>Called, while the lock is held, when the server accepts no further channel.</summary>
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

    /// <summary>Whether the server has acknowledged a channel and not unsubscribed it since.</summary>
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

    /// <summary>The wanted channels with reported problems.</summary>
    public IEnumerable<(FeedChannel Channel, ChannelProblem Problem)> Problems()
    {
        lock (_gate)
        {
            return _problems.Reported();
        }
    }

    public void SetWanted(IEnumerable<FeedChannel> channels)
    {
        lock (_gate)
        {
            _wanted = [.. channels];
            _removals.RemoveExcept(channel => !_wanted.Contains(channel));
            _problems.RemoveExcept(_wanted.Contains);
        }
    }

    /// <summary>Removes a wanted channel, and returns the number of wanted channels that remain.</summary>
    public int Release(FeedChannel channel)
    {
        lock (_gate)
        {
            _wanted.Remove(channel);
            _problems.Remove(channel, out _);
            return _wanted.Count;
        }
    }

    /// <summary>Starts a session, which holds no channel yet.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            Forget();
            _isOpen = true;
        }
    }

    public FeedChannel[] End()
    {
        lock (_gate)
        {
            FeedChannel[] held = [.. _held];
            Forget();
            _isOpen = false;
            return held;
        }
    }

    /// <summary>
    /// Time until there may be something to send: zero when a message can be sent now, null when there is nothing to send.
    /// </summary>
    public TimeSpan? UntilNext()
    {
        lock (_gate)
        {
            var now = Now;
            Settle(now);
            return !_isOpen ? null
                : _sent is { } sent ? AtLeastOneMs(sent.SettlesAt(_timings) - now)
                : _messageSelector.Choose(_wanted, now) is not null ? TimeSpan.Zero
                : _messageSelector.DueAt(now) is { } due ? AtLeastOneMs(due - now)
                : null;
        }
    }

    /// <summary>Returns the message to send now, and marks it as sent.</summary>
    /// <returns>Null when there is nothing to send after all.</returns>
    public ControlMessage? TakeNext()
    {
        lock (_gate)
        {
            var now = Now;
            Settle(now);
            if (!_isOpen || _sent is not null || _messageSelector.Choose(_wanted, now) is not { } next)
            {
                return null;
            }

            (_sent, next.SentAt, next.LastResponseAt) = (next, now, now);
            if (next.IsSubscription)
            {
                if (next.IsPart)
                {
                    _parts.RemoveNext();
                }

                return ControlMessage.Subscribe(next.Channels);
            }

            foreach (var channel in next.Channels)
            {
                _held.Remove(channel);
                _removals.RecordPending(channel);
            }

            return ControlMessage.Unsubscribe(next.Channels);
        }
    }

    /// <summary>Handles an acknowledged subscription.</summary>
    /// <returns>Whether the channel was not held before.</returns>
    public bool OnSubscribed(FeedChannel channel)
    {
        lock (_gate)
        {
            _sent?.Answer(channel, subscribed: true, Now);
            _parts.Acknowledged();
            _removals.Remove(channel, out _);
            if (_problems.Remove(channel, out var trouble) && ChannelProblems.IsReported(trouble))
            {
                _logger.AcknowledgedAfterAll(_label, channel);
            }

            var isNew = _isOpen && _held.Add(channel);
            if (isNew && _held.Count >= _wanted.Count && _wanted.Contains(channel) && _wanted.IsSubsetOf(_held))
            {
                _logger.Subscribed(_label, _wanted.Count);
            }

            return isNew;
        }
    }

    /// <summary>Handles an acknowledged unsubscription, which may make room for channels above the limit.</summary>
    /// <returns>Whether the server unsubscribed a held channel without a request.</returns>
    public bool OnUnsubscribed(FeedChannel channel)
    {
        lock (_gate)
        {
            _sent?.Answer(channel, subscribed: false, Now);
            if (_removals.Remove(channel, out _))
            {
                _problems.RetryLimited();
                return false;
            }

            if (!_held.Remove(channel))
            {
                return false;
            }

            if (_wanted.Contains(channel))
            {
                // Request the channel again only after a pause: a server that unsubscribes it each time would otherwise cause a busy loop.
                _problems.Record(channel, ChannelProblemKind.Missing, Now, _timings.RetryDelay, "");
                _report.TakenBack(channel);
            }

            return true;
        }
    }

    /// <summary>Handles a refusal, which does not name the channel.</summary>
    public void OnError(string message)
    {
        lock (_gate)
        {
            _sent?.Refuse(message, Now);
        }
    }

    private static TimeSpan AtLeastOneMs(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);

    private void Forget()
    {
        _held.Clear();
        _removals.Clear();
        _parts.Reset();
        _sent = null;
        _problems.EndSession();
    }

    private void Settle(TimeSpan now)
    {
        if (_sent is { } sent && (sent.IsAnswered || now >= sent.SettlesAt(_timings)))
        {
            _sent = null;
            if (_review.Evaluate(sent, _wanted, now))
            {
                OnNoRoom();
            }
        }
    }
}
