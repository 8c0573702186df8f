using System.Buffers;
using System.Buffers.Text;
using CloudTicks.Ticks;

namespace CloudTicks.Dashboard.Board;

/// <summary>The JSON of rows: arrays, as thousands of them are sent.</summary>
internal static class RowJson
{
    /// <summary>Four prices, a time and a rate, with commas.</summary>
    private const int MostNumberBytes = (4 * Price.MaxTextBytes) + 64;

    private const int MostDoubleBytes = 32;

    /// <summary>Writes a row without the bracket at its end.</summary>
    public static byte[] Write(BoardRow row, in RowState state)
    {
        Span<byte> buffer = stackalloc byte[MostNumberBytes];
        var length = 0;
        Number(buffer, ref length, state.Bid);
        Number(buffer, ref length, state.Ask);
        Number(buffer, ref length, state.Last);
        Number(buffer, ref length, state.First);
        Utf8Formatter.TryFormat(state.NewestMs, buffer[length..], out var written);
        length += written;
        buffer[length++] = (byte)',';
        Utf8Formatter.TryFormat(state.PerSecond, buffer[length..], out written);
        length += written;
        return [.. row.Head, .. buffer[..length]];
    }

    /// <summary>Writes the prices of late as the last element of a row.</summary>
    public static void WriteSpark(IBufferWriter<byte> writer, ReadOnlySpan<double> spark)
    {
        var buffer = writer.GetSpan((spark.Length * MostDoubleBytes) + 3);
        var length = 0;
        buffer[length++] = (byte)',';
        buffer[length++] = (byte)'[';
        for (var index = 0; index < spark.Length; index++)
        {
            if (index > 0)
            {
                buffer[length++] = (byte)',';
            }

            Utf8Formatter.TryFormat(spark[index], buffer[length..], out var written);
            length += written;
        }

        buffer[length++] = (byte)']';
        writer.Advance(length);
    }

    private static void Number(Span<byte> buffer, ref int length, Price? price)
    {
        if (price is { } number)
        {
            length += number.Format(buffer[length..]);
        }
        else
        {
            "null"u8.CopyTo(buffer[length..]);
            length += "null"u8.Length;
        }

        buffer[length++] = (byte)',';
    }
}
