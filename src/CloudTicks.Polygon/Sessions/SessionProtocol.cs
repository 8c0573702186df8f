using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// The conversation of one session, without I/O: what each status means, what to say next, and whether the session is over.
/// <see cref="Handle"/> is called by the reader, <see cref="TakeNext"/> by the sender.
/// </summary>
internal sealed class SessionProtocol(Market market, string label, SubscriptionBook book, PolygonApiKey apiKey, ILogger logger)
{
    private const int MostErrorsSaid = 20;
    private const string Subscribed = "subscribed to:";
    private const string Unsubscribed = "unsubscribed to:";

    private readonly HashSet<string> _errors = [];
    private volatile bool _greeted;
    private volatile bool _authenticated;
    private volatile bool _authSent;

    /// <summary>Whether the server took our key.</summary>
    public bool IsAuthenticated => _authenticated;

    /// <summary>Set when the server said what ends the session.</summary>
    public SessionEnd? End { get; private set; }

    /// <summary>Told of each channel that the server acknowledges and that was not held before.</summary>
    public Action<Channel> OnSubscribed { get; init; } = _ => { };

    /// <summary>Told of each channel that was held and that the server took back by itself.</summary>
    public Action<Channel> OnTakenBack { get; init; } = _ => { };

    /// <summary>Takes a status.</summary>
    public void Handle(PolygonStatus status)
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
                End = new SessionEnd(SessionEndReason.AuthFailed, message);
                break;
            case "auth_timeout":
                End = new SessionEnd(SessionEndReason.AuthTimeout, message);
                break;
            case "max_connections":
                End = new SessionEnd(SessionEndReason.MaxConnections, message);
                break;
            case "error":
                // A server says the same of each of a thousand channels; those that it refuses are named once they are known.
                if (_errors.Count < MostErrorsSaid && _errors.Add(message))
                {
                    logger.ServerError(label, message);
                }

                book.OnError(message);
                break;
            default:
                var unknown = apiKey.Redact(status.Status);
                logger.UnknownStatus(label, unknown, message);
                break;
        }
    }

    /// <summary>How long until there is something to say: zero when there is now, null when there is nothing until the next status.</summary>
    public TimeSpan? UntilNext() => _authenticated ? book.UntilNext() : _greeted && !_authSent ? TimeSpan.Zero : null;

    /// <summary>What to say now; it counts as said.</summary>
    /// <returns>Null when there is nothing to say after all.</returns>
    public ControlMessage? TakeNext()
    {
        if (_authenticated)
        {
            return book.TakeNext();
        }

        if (!_greeted || _authSent)
        {
            return null;
        }

        _authSent = true;
        return ControlMessage.Auth(apiKey.Value);
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
            if (!Channel.TryParse(market, name, out var channel))
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
