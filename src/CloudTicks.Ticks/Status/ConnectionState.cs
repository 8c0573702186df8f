using System.Text.Json.Serialization;

namespace CloudTicks.Ticks.Status;

/// <summary>Where a connection stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConnectionState>))]
public enum ConnectionState
{
    /// <summary>It is being made: from the first byte to the server's word that the key is good.</summary>
    [JsonStringEnumMemberName("connecting")]
    Connecting,

    /// <summary>A session stands that the server has authenticated.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>The session is lost; the next attempt comes after a pause.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>The server said that there are too many connections; the next attempt comes after a minute or two.</summary>
    [JsonStringEnumMemberName("cooling_down")]
    CoolingDown,

    /// <summary>It is given up: the key was refused, the market has fewer connections, or the collector stops.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended,
}
