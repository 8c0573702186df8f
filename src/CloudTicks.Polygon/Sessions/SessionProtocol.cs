using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>One session's conversation, without I/O. The reader calls <see cref="Handle"/>, the sender <see cref="TakeNext"/>.</summary>
internal sealed class SessionProtocol(
    Market market, string label, SubscriptionBook book, PolygonApiKey apiKey, SessionTimings timings, TimeProvider time, ILogger logger)
{
    private const int MostErrorsSaid = 20;
    private const string Subscribed = "subscribed to:";
    private const string Unsubscribed = "unsubscribed to:";

    private readonly HashSet<string> _errors = [];
    private long _openedAt = time.GetTimestamp();
    private volatile bool _greeted;
    private volatile bool _authenticated;
    private volatile bool _authSent;

    public bool IsAuthenticated => _authenticated;

    /// <summary>Set when the server said what ends the session.</summary>
    public SessionEnd? End { get; private set; }

    /// <summary>Told of each channel that the server acknowledges and that was not held before.</summary>
    public Action<FeedChannel> OnSubscribed { get; init; } = _ => { };

    /// <summary>Receives each held channel that the server unsubscribed by itself.</summary>
    public Action<FeedChannel> OnTakenBack { get; init; } = _ => { };

    /// <summary>The connection stands: the wait for the greeting begins.</summary>
    public void Open() => Volatile.Write(ref _openedAt, time.GetTimestamp());

    /// <summary>Takes a status.</summary>
    /// <param name="element">Its bytes, for logs where it says nothing.</param>
    public void Handle(PolygonStatus status, ReadOnlySpan<byte> element = default)
    {
        var message = apiKey.Redact(status.Message);
        switch (status.Status)
        {
            case "connected":
                _greeted = true;
                break;
            case "auth_success":
            case "success" when message.Equals("authenticated", StringComparison.OrdinalIgnoreCase):
                if (!_authenticated)
                {
                    book.Begin();
                    _authenticated = true;
                }

                break;
            case "success":
                Acknowledge(message);
                break;
            case "auth_failed":
                End = new SessionEnd(SessionEndReason.AuthFailed, StatusText.Of(message, element, apiKey));
                break;
            case "auth_timeout":
                End = new SessionEnd(SessionEndReason.AuthTimeout, StatusText.Of(message, element, apiKey));
                break;
            case "max_connections":
                End = new SessionEnd(SessionEndReason.MaxConnections, StatusText.Of(message, element, apiKey));
                break;
            case "error":
                // A server says the same of each of a thousand channels; those that it refuses are named once they are known.
                var error = StatusText.Of(message, element, apiKey);
                if (IsNews(error))
                {
                    logger.ServerError(label, error);
                }

                book.OnError(error);
                break;
            default:
                var unknown = StatusText.Raw(element, apiKey);
                if (IsNews(unknown))
                {
                    logger.UnknownStatus(label, unknown);
                }

                break;
        }
    }

    /// <summary>Time until there is something to say: zero for now, null for not before the next status.</summary>
    public TimeSpan? UntilNext() => _authenticated ? book.UntilNext() : _authSent ? null : UntilAuth();

    /// <summary>What to say now; it counts as said.</summary>
    /// <returns>Null when there is nothing to say after all.</returns>
    public ControlMessage? TakeNext()
    {
        if (_authenticated)
        {
            return book.TakeNext();
        }

        if (_authSent || UntilAuth() > TimeSpan.Zero)
        {
            return null;
        }

        if (!_greeted)
        {
            logger.NotGreeted(label, timings.Greeting.TotalSeconds);
        }

        _authSent = true;
        return ControlMessage.Auth(apiKey.Value);
    }

    private bool IsNews(string text) => _errors.Count < MostErrorsSaid && _errors.Add(text);

    /// <summary>Until the key is sent: at the greeting, or a moment after the connection where there is none.</summary>
    private TimeSpan UntilAuth()
    {
        var left = timings.Greeting - time.GetElapsedTime(Volatile.Read(ref _openedAt));
        return _greeted || left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    private void Acknowledge(string message)
    {
        var isEnd = message.StartsWith(Unsubscribed, StringComparison.OrdinalIgnoreCase);
        if (!isEnd && !message.StartsWith(Subscribed, StringComparison.OrdinalIgnoreCase))
        {
            logger.ServerSays(label, message);
            return;
        }

        foreach (var name in message[(isEnd ? Unsubscribed : Subscribed).Length..].Split(',', StringSplitOptions.TrimEntries))
        {
            if (!FeedChannel.TryParse(market, name, out var channel))
            {
                continue;
            }

            if (isEnd)
            {
                if (book.OnUnsubscribed(channel.Value))
                {
                    OnTakenBack(channel.Value);
                }
            }
            else if (book.OnSubscribed(channel.Value))
            {
                OnSubscribed(channel.Value);
            }
        }
    }
}
