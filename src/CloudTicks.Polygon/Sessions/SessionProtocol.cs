using System.Text.Json;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// The conversation of one session, without I/O: what to send upon each status, which channels are acknowledged, and whether the
/// session is over. <see cref="Handle"/> is called by one reader; <see cref="ReportMissing"/> by a timer as well.
/// </summary>
internal sealed class SessionProtocol(Market market, IReadOnlyList<Channel> channels, PolygonApiKey apiKey, ILogger logger)
{
    /// <summary>An over-long subscription is refused whole; smaller frames lose less.</summary>
    private const int ChannelsPerFrame = 200;

    private const int MostErrorsSaid = 20;

    private const string Subscribed = "subscribed to:";

    private readonly Lock _lock = new();
    private readonly string _market = market.Path();
    private readonly HashSet<Channel> _unacknowledged = [];
    private readonly HashSet<string> _errors = [];

    /// <summary>Whether the server took our key.</summary>
    public bool IsAuthenticated { get; private set; }

    /// <summary>Set when the server said what ends the session.</summary>
    public SessionEnd? End { get; private set; }

    /// <summary>Channels that were asked for and not acknowledged.</summary>
    public int Unacknowledged
    {
        get
        {
            lock (_lock)
            {
                return _unacknowledged.Count;
            }
        }
    }

    /// <summary>Takes a status.</summary>
    /// <returns>The messages to send, in UTF-8.</returns>
    public IReadOnlyList<byte[]> Handle(PolygonStatus status)
    {
        var message = apiKey.Redact(status.Message);
        switch (status.Status)
        {
            case "connected":
                return IsAuthenticated ? [] : [Message("auth", apiKey.Value)];
            case "auth_success":
            case "success" when message.Equals("authenticated", StringComparison.OrdinalIgnoreCase):
                return Subscribe();
            case "success":
                Acknowledge(message);
                return [];
            case "auth_failed":
                End = new SessionEnd(SessionEndReason.AuthFailed, message);
                return [];
            case "auth_timeout":
                End = new SessionEnd(SessionEndReason.AuthTimeout, message);
                return [];
            case "max_connections":
                End = new SessionEnd(SessionEndReason.MaxConnections, message);
                return [];
            case "error":
                // A server says the same of each of a thousand channels; those that stay unacknowledged are named together.
                if (_errors.Count < MostErrorsSaid && _errors.Add(message))
                {
                    logger.ServerError(_market, message);
                }

                return [];
            default:
                var unknown = apiKey.Redact(status.Status);
                logger.UnknownStatus(_market, unknown, message);
                return [];
        }
    }

    /// <summary>Says which channels the server has not acknowledged: it is silent about names that it does not know.</summary>
    /// <returns>How many.</returns>
    public int ReportMissing()
    {
        const int named = 20;
        string[] missing;
        lock (_lock)
        {
            missing = [.. _unacknowledged.Select(channel => channel.ToString()).Order(StringComparer.Ordinal)];
        }

        if (missing.Length > 0)
        {
            var names = string.Join(", ", missing.Take(named)) + (missing.Length > named ? ", ..." : "");
            logger.NotAcknowledged(_market, missing.Length, names);
        }

        return missing.Length;
    }

    private List<byte[]> Subscribe()
    {
        if (IsAuthenticated)
        {
            return [];
        }

        IsAuthenticated = true;
        lock (_lock)
        {
            _unacknowledged.UnionWith(channels);
        }

        return [.. channels.Chunk(ChannelsPerFrame).Select(chunk => Message("subscribe", string.Join(',', chunk)))];
    }

    private void Acknowledge(string message)
    {
        if (!message.StartsWith(Subscribed, StringComparison.OrdinalIgnoreCase))
        {
            logger.ServerSays(_market, message);
            return;
        }

        var allAcknowledged = false;
        foreach (var name in message[Subscribed.Length..].Split(',', StringSplitOptions.TrimEntries))
        {
            if (Channel.TryParse(market, name, out var channel))
            {
                lock (_lock)
                {
                    allAcknowledged |= _unacknowledged.Remove(channel.Value) && _unacknowledged.Count == 0;
                }
            }
        }

        if (allAcknowledged)
        {
            logger.Subscribed(_market, channels.Count);
        }
    }

    private static byte[] Message(string action, string parameters) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["action"] = action, ["params"] = parameters });
}
