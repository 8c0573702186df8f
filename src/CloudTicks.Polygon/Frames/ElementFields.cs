namespace CloudTicks.Polygon.Frames;

/// <summary>The values of one element by their fields. A key that comes twice counts as it came last; null counts as absent.</summary>
internal sealed class ElementFields
{
    private readonly Token[] _tokens = new Token[(int)EventField.Z + 1];
    private uint _present;

    public void Clear() => _present = 0;

    /// <summary>Where the value of a field is put before <see cref="Add"/>; that of <see cref="EventField.None"/> is for values of no use.</summary>
    public ref Token Place(EventField field) => ref _tokens[(int)field];

    /// <summary>Takes the value that was put in its place.</summary>
    public void Add(EventField field)
    {
        var bit = 1u << (int)field;
        _present = _tokens[(int)field].Type == TokenType.Null ? _present & ~bit : _present | bit;
    }

    public bool Has(EventField field) => (_present & (1u << (int)field)) != 0;

    public bool TryGet(EventField field, out Token token)
    {
        token = _tokens[(int)field];
        return Has(field);
    }

    /// <summary>The digits of a plain number; false when the field is absent or another kind of value.</summary>
    public bool TryGetDigits(EventField field, out long mantissa, out int decimals)
    {
        ref readonly var token = ref _tokens[(int)field];
        (mantissa, decimals) = (token.Mantissa, token.Decimals);
        return Has(field) && decimals >= 0;
    }
}
