namespace CloudTicks.Simulator.Faults;

/// <summary>Makes broken frames, which a client must survive, from valid ones.</summary>
internal static class BrokenFrames
{
    /// <summary>Returns the valid events, followed by an event of an unknown type that pads the frame to the requested size.</summary>
    public static byte[] Enlarge(ReadOnlySpan<byte> frame, long bytes)
    {
        ReadOnlySpan<byte> head = ",{\"ev\":\"padding\",\"data\":\""u8;
        ReadOnlySpan<byte> tail = "\"}]"u8;
        var padding = (int)Math.Max(0, bytes - (frame.Length - 1) - head.Length - tail.Length);
        var huge = new byte[frame.Length - 1 + head.Length + padding + tail.Length];
        frame[..^1].CopyTo(huge);
        head.CopyTo(huge.AsSpan(frame.Length - 1));
        huge.AsSpan(huge.Length - tail.Length - padding, padding).Fill((byte)'x');
        tail.CopyTo(huge.AsSpan(huge.Length - tail.Length));
        return huge;
    }

    /// <summary>Returns the valid events with meaningless elements before and after them.</summary>
    public static byte[] WithGarbage(ReadOnlySpan<byte> frame) =>
    [
        .. "[null,42,\"text\",[],{},{\"ev\":7},{\"ev\":\"Q\",\"sym\":null,\"bp\":\"abc\",\"t\":-1},"u8,
        .. frame[1..^1],
        .. ",{\"ev\":\"T\",\"sym\":\"\",\"p\":1e999,\"t\":\"soon\"},true,{\"sym\":\"AAPL\"}]"u8,
    ];

    /// <summary>Returns the first two thirds of the frame, which usually end in the middle of an event.</summary>
    public static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> frame) => frame[..(frame.Length * 2 / 3)];

    /// <summary>Returns the valid events after an event with invalid UTF-8.</summary>
    public static byte[] WithInvalidUtf8(ReadOnlySpan<byte> frame) =>
        [.. "[{\"ev\":\"text\",\"data\":\""u8, 0xC3, 0x28, .. "\"},"u8, .. frame[1..]];
}
