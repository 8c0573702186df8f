using System.Text.Json;

namespace CloudTicks.Polygon.Sessions;

/// <summary>A message to the server.</summary>
/// <param name="Action"><c>auth</c>, <c>subscribe</c> or <c>unsubscribe</c>.</param>
internal readonly record struct ControlMessage(string Action, string Parameters)
{
    public static ControlMessage Auth(string key) => new("auth", key);

    public static ControlMessage Subscribe(IEnumerable<FeedChannel> channels) => new("subscribe", string.Join(',', channels));

    public static ControlMessage Unsubscribe(IEnumerable<FeedChannel> channels) => new("unsubscribe", string.Join(',', channels));

    public byte[] ToUtf8() =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["action"] = Action, ["params"] = Parameters });

    /// <summary>The text for logs, without the key.</summary>
    public override string ToString() => Action == "auth" ? Action : $"{Action} {Parameters}";
}
