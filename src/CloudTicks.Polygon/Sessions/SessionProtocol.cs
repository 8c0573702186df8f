using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Implements the protocol of one session, without I/O. The reader calls <see cref="Handle"/>, the sender <see cref="TakeNext"/>.
/// </summary>
internal sealed class SessionProtocol(
    Market market, string label, SubscriptionBook book, PolygonApiKey apiKey, SessionTimings timings, TimeProvider time, ILogger logger)
{
    private const int MaxLoggedErrors = 20;
    private const string Subscribed = "subscribed to:";
    private const string Unsubscribed = "unsubscribed to:";

    private readonly HashSet<string> _loggedErrors = [];
    private long _openedAt = time.GetTimestamp();
    private volatile bool _greeted;
    private volatile bool _authenticated;
    private volatile bool _authSent;

    public bool IsAuthenticated => _authenticated;

    /// <summary>The end of the session, set when a status of the server ended it; null before that.</summary>
    public SessionEnd? End { get; private set; }

    /// <summary>Called for each channel that the server acknowledges and that was not held before.</summary>
    public Action<FeedChannel> OnSubscribed { get; init; } = _ => { };

    /// <summary>Called for each held channel that the server unsubscribed without a request.</summary>
    public Action<FeedChannel> OnTakenBack { get; init; } = _ => { };

    /// <summary>Starts waiting for the greeting. Called when the connection is open.</summary>
    public void Open() => Volatile.Write(ref _openedAt, time.GetTimestamp());

    /// <summary>Handles a status.</summary>
    /// <param name="element">The status's bytes, which are logged if it is unknown or has no message.</param>
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
                // Logs each error at most once, because a server may repeat it for each of a thousand channels. Refused channels are
                // logged by name once they are known.
                var error = StatusText.Of(message, element, apiKey);
                if (IsFirstOccurrence(error))
                {
                    logger.ServerError(label, error);
                }

                book.OnError(error);
                break;
            default:
                var unknown = StatusText.Raw(element, apiKey);
                if (IsFirstOccurrence(unknown))
                {
                    logger.UnknownStatus(label, unknown);
                }

                break;
        }
    }

    /// <summary>
    /// Time until there may be something to send: zero when a message can be sent now, null when nothing is sent before the next status.
    /// </summary>
    public TimeSpan? UntilNext() => _authenticated ? book.UntilNext() : _authSent ? null : UntilAuth();

    /// <summary>Returns the message to send now, and marks it as sent.</summary>
    /// <returns>Null when there is nothing to send after all.</returns>
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

    private bool IsFirstOccurrence(string text) => _loggedErrors.Count < MaxLoggedErrors && _loggedErrors.Add(text);

    /// <summary>Time until the key is sent: when the greeting arrives, or after a timeout.</summary>
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
            logger.UnknownSuccessMessage(label, message);
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
