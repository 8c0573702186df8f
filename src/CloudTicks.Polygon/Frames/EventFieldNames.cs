namespace CloudTicks.Polygon.Frames;

/// <summary>Maps keys to fields. Keys are case-sensitive, and most have one or two letters.</summary>
internal static class EventFieldNames
{
    public const int MaxNameLength = 7;

    private static readonly byte[] OneLetter = CreateOneLetter();

    public static EventField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => Find(name[0]),
        2 => Find(name[0], name[1]),
        3 => name.SequenceEqual("sym"u8) ? EventField.Sym : EventField.None,
        4 => name.SequenceEqual("pair"u8) ? EventField.Pair
            : name.SequenceEqual("trfi"u8) ? EventField.Trfi
            : name.SequenceEqual("trft"u8) ? EventField.Trft
            : EventField.None,
        6 => name.SequenceEqual("status"u8) ? EventField.Status : EventField.None,
        MaxNameLength => name.SequenceEqual("message"u8) ? EventField.Message : EventField.None,
        _ => EventField.None,
    };

    public static EventField Find(byte letter) => letter < OneLetter.Length ? (EventField)OneLetter[letter] : EventField.None;

    public static EventField Find(byte first, byte second) => ((first << 8) | second) switch
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

    private static byte[] CreateOneLetter()
    {
        var fields = new byte['z' + 1];
        fields['a'] = (byte)EventField.A;
        fields['b'] = (byte)EventField.B;
        fields['c'] = (byte)EventField.C;
        fields['i'] = (byte)EventField.I;
        fields['p'] = (byte)EventField.P;
        fields['q'] = (byte)EventField.Q;
        fields['r'] = (byte)EventField.R;
        fields['s'] = (byte)EventField.S;
        fields['t'] = (byte)EventField.T;
        fields['x'] = (byte)EventField.X;
        fields['z'] = (byte)EventField.Z;
        return fields;
    }
}
