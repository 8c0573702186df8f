using System.Buffers.Text;
using System.Text.Json;

namespace CloudTicks.Ticks.Json;

/// <summary>The identity and times of a tick's JSON, to count and compare ticks.</summary>
/// <param name="Identity">The tick's identity, from <c>id</c>.</param>
/// <param name="TimestampMs">The feed's time, Unix ms, UTC.</param>
/// <param name="ReceivedMs">When the collector received the tick, Unix ms, UTC.</param>
public readonly record struct TickMessage(ulong Identity, long TimestampMs, long ReceivedMs)
{
    private const int IdentityDigits = 16;

    /// <summary>Reads the JSON of one tick.</summary>
    /// <param name="json">One object, as <see cref="TickJson"/> writes it.</param>
    /// <returns>False when it is not the JSON of a tick.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out TickMessage message)
    {
        message = default;
        try
        {
            return TryReadObject(json, out message);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryReadObject(ReadOnlySpan<byte> json, out TickMessage message)
    {
        var reader = new Utf8JsonReader(json);
        var (identity, timestampMs, receivedMs) = (default(ulong?), default(long?), default(long?));
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isIdentity = reader.ValueTextEquals("id"u8);
            var isTimestamp = reader.ValueTextEquals("timestamp_ms"u8);
            var isReceived = reader.ValueTextEquals("received_ms"u8);
            reader.Read();
            if (isIdentity && reader.TokenType == JsonTokenType.String
                && Utf8Parser.TryParse(reader.ValueSpan, out ulong id, out var digits, 'x')
                && digits == IdentityDigits)
            {
                identity = id;
            }
            else if (reader.TokenType == JsonTokenType.Number && (isTimestamp || isReceived) && reader.TryGetInt64(out var time))
            {
                timestampMs = isTimestamp ? time : timestampMs;
                receivedMs = isReceived ? time : receivedMs;
            }
        }

        message = new TickMessage(identity ?? 0, timestampMs ?? 0, receivedMs ?? 0);
        return identity is not null && timestampMs is not null && receivedMs is not null;
    }
}
