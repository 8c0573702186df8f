namespace CloudTicks.EventHub.Records;

/// <summary>The variable-length integers of records: zigzag, seven bits per byte, lowest first.</summary>
internal static class Varint
{
    public static bool TryRead(scoped ref ReadOnlySpan<byte> from, out long value)
    {
        ulong raw = 0;
        for (int at = 0, shift = 0; at < from.Length && shift < 64; at++, shift += 7)
        {
            raw |= (ulong)(from[at] & 0x7F) << shift;
            if (from[at] < 0x80)
            {
                from = from[(at + 1)..];
                value = (long)(raw >> 1) ^ -(long)(raw & 1);
                return true;
            }
        }

        value = 0;
        return false;
    }

    public static int Size(long value)
    {
        var size = 1;
        for (var raw = ZigZag(value); raw >= 0x80; raw >>= 7)
        {
            size++;
        }

        return size;
    }

    public static void Write(long value, RecordBuffer to)
    {
        var raw = ZigZag(value);
        for (; raw >= 0x80; raw >>= 7)
        {
            to.Append((byte)(raw | 0x80));
        }

        to.Append((byte)raw);
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));
}
