using System.Text.Json;

namespace CloudTicks.Polygon.Serving.Messages;

/// <summary>A status that the server sends about the session.</summary>
internal readonly record struct StatusMessage(string Status, string Message)
{
    public static readonly StatusMessage Connected = new("connected", "Connected Successfully");
    public static readonly StatusMessage Authenticated = new("auth_success", "authenticated");
    public static readonly StatusMessage AuthFailed = new("auth_failed", "authentication failed");
    public static readonly StatusMessage PlanFailed = new("auth_failed", "Your plan doesn't include websocket access to this market");
    public static readonly StatusMessage MaxConnections = new("max_connections", "Maximum number of websocket connections exceeded. ");
    public static readonly StatusMessage AuthTimeout = new("auth_timeout", "no authentication message was sent in time");
    public static readonly StatusMessage NotAuthorized = new("error", "not authorized");
    public static readonly StatusMessage NotUnderstood =
        new("error", "not understood: send {\"action\":\"auth|subscribe|unsubscribe\",\"params\":\"...\"}");

    public static StatusMessage Subscribed(string channel) => new("success", $"subscribed to: {channel}");

    public static StatusMessage Unsubscribed(string channel) => new("success", $"unsubscribed to: {channel}");

    /// <summary>The status for a channel that exceeds the limit.</summary>
    public static StatusMessage LimitReached(string channel) => new("error", $"Subscription limit reached for feed {channel}");

    /// <summary>
    /// The status for a channel that Polygon has discontinued. Clients wait for a response, so it is sent; an unknown channel gets none.
    /// </summary>
    public static StatusMessage Discontinued(string channel) => new("error", $"not authorized: level 2 books are discontinued ({channel})");

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(ToEvent());

    /// <summary>Writes several statuses as one frame, a JSON array.</summary>
    public static byte[] Frame(IReadOnlyCollection<StatusMessage> messages) =>
        JsonSerializer.SerializeToUtf8Bytes(messages.Select(message => message.ToEvent()));

    private object ToEvent() => new { ev = "status", status = Status, message = Message };
}
