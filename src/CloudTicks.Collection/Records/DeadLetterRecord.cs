using System.Text;

namespace CloudTicks.Collection.Records;

/// <summary>A rejected element as a record: the reason's length, the reason, and the bytes as received.</summary>
internal static class DeadLetterRecord
{
    public static OutgoingRecord Of(ReadOnlySpan<byte> raw, string reason)
    {
        var length = Encoding.UTF8.GetByteCount(reason);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, byte.MaxValue, nameof(reason));
        var value = new byte[1 + length + raw.Length];
        value[0] = (byte)length;
        Encoding.UTF8.GetBytes(reason, value.AsSpan(1));
        raw.CopyTo(value.AsSpan(1 + length));
        return new OutgoingRecord(0, value, 0, RecordContent.DeadLetter);
    }

    public static (ReadOnlyMemory<byte> Raw, string Reason) Read(byte[] value)
    {
        var length = value.Length > 0 ? Math.Min(value[0], value.Length - 1) : 0;
        return (value.AsMemory(Math.Min(1 + length, value.Length)), Encoding.UTF8.GetString(value, Math.Min(1, value.Length), length));
    }
}
