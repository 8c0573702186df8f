using System.Text.Json.Serialization;

namespace CloudTicks.Ticks.Status;

/// <summary>The state of a connection to the feed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConnectionState>))]
public enum ConnectionState
{
    /// <summary>The collector is connecting and authenticating.</summary>
    [JsonStringEnumMemberName("connecting")]
    Connecting,

    /// <summary>The session is authenticated.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>The session is lost; the collector reconnects after a pause.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>The server reported too many connections; the collector reconnects after a minute or two.</summary>
    [JsonStringEnumMemberName("cooling_down")]
    CoolingDown,

    /// <summary>The connection is closed: the key was refused, fewer connections are needed or allowed, or the collector stops.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended,
}
