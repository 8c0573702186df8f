using System.Text;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Tests.Frames.Reference;

/// <summary>A frame of events, one of which is damaged.</summary>
/// <param name="Bytes">The frame.</param>
/// <param name="Siblings">
/// The undamaged events that must be read. Empty if the frame is truncated, or if more than one byte is damaged, because such damage can
/// look like the end of a neighbour.
/// </param>
internal readonly record struct MutatedFrame(byte[] Bytes, IReadOnlyList<byte[]> Siblings)
{
    private const string ReplacementBytes = "\"\"\"{}[],,::\\\\ -+1e.\n\u007fnuTtQCxX";

    public static MutatedFrame Make(Market market, Random random)
    {
        var events = new byte[random.Next(1, 5)][];
        for (var index = 0; index < events.Length; index++)
        {
            events[index] = Encoding.UTF8.GetBytes(random.Next(10) == 0
                ? """{"ev":"status","status":"success","message":"subscribed to: T.ABC,T.\u0041"}"""
                : EventFields.ToJson(EventFields.Of(market, random)));
        }

        var damaged = random.Next(events.Length);
        var edits = random.Next(3) == 0 ? random.Next(2, 7) : 1;
        var siblings = edits == 1 ? events.Where((_, index) => index != damaged).ToArray() : [];
        for (var edit = 0; edit < edits; edit++)
        {
            events[damaged] = Damage(events[damaged], random);
        }

        var frame = new List<byte>(512) { (byte)'[' };
        foreach (var (index, element) in events.Index())
        {
            frame.AddRange(index == 0 ? [] : ","u8);
            frame.AddRange(element);
        }

        frame.Add((byte)']');
        // Some frames are truncated.
        return random.Next(20) == 0
            ? new MutatedFrame([.. frame[..random.Next(frame.Count / 2, frame.Count)]], [])
            : new MutatedFrame([.. frame], siblings);
    }

    private static byte[] Damage(byte[] element, Random random)
    {
        var newByte = random.Next(4) == 0 ? (byte)random.Next(256) : (byte)ReplacementBytes[random.Next(ReplacementBytes.Length)];
        var position = random.Next(element.Length);
        return random.Next(4) switch
        {
            0 => [.. element[..position], newByte, .. element[position..]],
            1 when element.Length > 1 => [.. element[..position], .. element[(position + 1)..]],
            _ => [.. element[..position], newByte, .. element[(position + 1)..]],
        };
    }
}
