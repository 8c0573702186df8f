using System.Buffers.Binary;

namespace CloudTicks.Polygon.Frames;

/// <summary>Finds a key's field by its bytes; keys are case-sensitive, and most are one or two letters long.</summary>
internal static class EventFieldNames
{
    public const int LongestName = 7;

    public static EventField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => OneLetter(name[0]),
        2 => TwoLetters(BinaryPrimitives.ReadUInt16BigEndian(name)),
        3 => name.SequenceEqual("sym"u8) ? EventField.Sym : EventField.None,
        4 => name.SequenceEqual("pair"u8) ? EventField.Pair
            : name.SequenceEqual("trfi"u8) ? EventField.Trfi
            : name.SequenceEqual("trft"u8) ? EventField.Trft
            : EventField.None,
        6 => name.SequenceEqual("status"u8) ? EventField.Status : EventField.None,
        LongestName => name.SequenceEqual("message"u8) ? EventField.Message : EventField.None,
        _ => EventField.None,
    };

    private static EventField OneLetter(byte letter) => (char)letter switch
    {
        'a' => EventField.A,
        'b' => EventField.B,
        'c' => EventField.C,
        'i' => EventField.I,
        'p' => EventField.P,
        'q' => EventField.Q,
        'r' => EventField.R,
        's' => EventField.S,
        't' => EventField.T,
        'x' => EventField.X,
        'z' => EventField.Z,
        _ => EventField.None,
    };

    private static EventField TwoLetters(int letters) => letters switch
    {
        ('a' << 8) | 'p' => EventField.Ap,
        ('a' << 8) | 's' => EventField.As,
        ('a' << 8) | 'x' => EventField.Ax,
        ('b' << 8) | 'p' => EventField.Bp,
        ('b' << 8) | 's' => EventField.Bs,
        ('b' << 8) | 'x' => EventField.Bx,
        ('d' << 8) | 's' => EventField.Ds,
        ('e' << 8) | 'v' => EventField.Ev,
        ('p' << 8) | 't' => EventField.Pt,
        _ => EventField.None,
    };
}
