using System.Buffers;
using CloudTicks.Ticks;

namespace CloudTicks.Dashboard.Board;

/// <summary>Writes rows as JSON arrays rather than objects, because thousands are sent.</summary>
internal static class RowJson
{
    /// <summary>The maximum size of four prices, a time and a rate, with commas.</summary>
    private const int MaxNumberBytes = (4 * Price.MaxTextBytes) + 64;

    private const int MaxDoubleBytes = 32;

    /// <summary>Writes a row without its closing bracket.</summary>
    public static byte[] Write(BoardRow row, in RowState state)
    {
        Span<byte> buffer = stackalloc byte[MaxNumberBytes];
        var text = new Utf8TextWriter(buffer);
        Number(ref text, state.Bid);
        Number(ref text, state.Ask);
        Number(ref text, state.Last);
        Number(ref text, state.First);
        text.Number(state.NewestMs);
        text.Text(","u8);
        text.Number(state.PerSecond);
        return [.. row.Head, .. buffer[..text.Length]];
    }

    /// <summary>Writes the sparkline as the last element of a row.</summary>
    public static void WriteSpark(IBufferWriter<byte> writer, ReadOnlySpan<double> spark)
    {
        var text = new Utf8TextWriter(writer.GetSpan((spark.Length * MaxDoubleBytes) + 3));
        text.Text(",["u8);
        for (var index = 0; index < spark.Length; index++)
        {
            text.Text(index > 0 ? ","u8 : default);
            text.Number(spark[index]);
        }

        text.Text("]"u8);
        writer.Advance(text.Length);
    }

    private static void Number(ref Utf8TextWriter text, Price? price)
    {
        if (price is { } number)
        {
            text.Number(number);
        }
        else
        {
            text.Text("null"u8);
        }

        text.Text(","u8);
    }
}
