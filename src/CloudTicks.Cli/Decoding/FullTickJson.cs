using CloudTicks.Ticks;
using CloudTicks.Ticks.Json;

namespace CloudTicks.Cli.Decoding;

/// <summary>The fields of <see cref="TickJson"/>, followed by all other fields of the tick, named as in <c>tick_batch.proto</c>.</summary>
internal static class FullTickJson
{
    /// <summary>The maximum length of a tick's JSON, bytes.</summary>
    public const int MaxBytes =
        TickJson.MaxBytes + NumbersBytes + (MaxEscapedBytes * Tick.MaxTradeIdBytes) + (2 * Tick.MaxListLength * MaxListEntryBytes);

    private const int NumbersBytes = 1024;
    private const int MaxEscapedBytes = 6;
    private const int MaxListEntryBytes = 12;
    private const int FlagBits = 32;

    /// <summary>Writes a tick, and returns the number of bytes.</summary>
    /// <param name="destination">At least <see cref="MaxBytes"/> bytes.</param>
    public static int Write(scoped in Tick tick, TickSource source, int partition, ulong identity, Span<byte> destination)
    {
        // Overwrite the closing brace that TickJson wrote.
        var writer = new Utf8TextWriter(destination, TickJson.Write(tick, source, identity, destination) - 1);
        writer.Text(source == TickSource.Live ? ",\"source\":\"live\",\"market\":\""u8 : ",\"market\":\""u8);
        writer.Text(tick.Symbol.Market.Utf8Name());
        writer.Text("\",\"kind\":\""u8);
        writer.Text(tick.Kind.Utf8Name());
        writer.Text("\""u8);
        Number(ref writer, ",\"partition\":"u8, partition);
        Number(ref writer, tick, TickFields.Exchange, ",\"exchange\":"u8, tick.Exchange);
        Number(ref writer, tick, TickFields.BidExchange, ",\"bid_exchange\":"u8, tick.BidExchange);
        Number(ref writer, tick, TickFields.AskExchange, ",\"ask_exchange\":"u8, tick.AskExchange);
        Number(ref writer, tick, TickFields.Sequence, ",\"sequence\":"u8, tick.Sequence);
        if (tick.Has(TickFields.TradeId))
        {
            writer.Text(",\"trade_id\":\""u8);
            writer.Escaped(tick.TradeId);
            writer.Text("\""u8);
        }

        List(ref writer, tick, TickFields.Conditions, ",\"conditions\":["u8, tick.Conditions);
        List(ref writer, tick, TickFields.Indicators, ",\"indicators\":["u8, tick.Indicators);
        Number(ref writer, tick, TickFields.Tape, ",\"tape\":"u8, tick.Tape);
        Number(ref writer, tick, TickFields.ParticipantMs, ",\"participant_ms\":"u8, tick.ParticipantMs);
        Number(ref writer, tick, TickFields.TrfId, ",\"trf_id\":"u8, tick.TrfId);
        Number(ref writer, tick, TickFields.TrfMs, ",\"trf_ms\":"u8, tick.TrfMs);
        Number(ref writer, tick, TickFields.VendorReceivedMs, ",\"vendor_received_ms\":"u8, tick.VendorReceivedMs);
        if (tick.Has(TickFields.Flags))
        {
            WriteFlags(ref writer, tick.Flags);
        }

        writer.Text("}"u8);
        return writer.Length;
    }

    private static void WriteFlags(ref Utf8TextWriter writer, TickFlags flags)
    {
        writer.Text(",\"flags\":["u8);
        var separator = ReadOnlySpan<byte>.Empty;
        for (var bit = 0; bit < FlagBits; bit++)
        {
            var flag = (TickFlags)(1 << bit);
            if ((flags & flag) == 0)
            {
                continue;
            }

            writer.Text(separator);
            writer.Text("\""u8);
            writer.Text(Name(flag));
            if (Name(flag).IsEmpty)
            {
                // An unknown flag, set by a collector that is newer than this program.
                Number(ref writer, "bit_"u8, bit);
            }

            writer.Text("\""u8);
            separator = ","u8;
        }

        writer.Text("]"u8);
    }

    private static ReadOnlySpan<byte> Name(TickFlags flag) => flag switch
    {
        TickFlags.Late => "late"u8,
        TickFlags.Future => "future"u8,
        TickFlags.Crossed => "crossed"u8,
        TickFlags.RoundLots => "round_lots"u8,
        _ => default,
    };

    private static void Number(ref Utf8TextWriter writer, scoped ReadOnlySpan<byte> name, long value)
    {
        writer.Text(name);
        writer.Number(value);
    }

    private static void Number(
        ref Utf8TextWriter writer, scoped in Tick tick, TickFields field, scoped ReadOnlySpan<byte> name, long value)
    {
        if (tick.Has(field))
        {
            Number(ref writer, name, value);
        }
    }

    private static void List(
        ref Utf8TextWriter writer, scoped in Tick tick, TickFields field, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<int> values)
    {
        if (tick.Has(field))
        {
            writer.Text(name);
            writer.List(values, (byte)',');
            writer.Text("]"u8);
        }
    }
}
