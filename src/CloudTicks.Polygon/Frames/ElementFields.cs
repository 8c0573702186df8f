using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Frames;

/// <summary>The values of one element by their fields. A key that comes twice counts as it came last; null counts as absent.</summary>
internal sealed class ElementFields
{
    private const int Orders = 32;

    private readonly Token[] _tokens = new Token[(int)EventField.Z + 1];
    private readonly KeyOrder[] _orders = [.. Enumerable.Range(0, Orders).Select(_ => new KeyOrder())];
    private uint _present;

    /// <summary>Room for a number that stands in a string with escapes.</summary>
    public byte[] NumberScratch { get; } = new byte[Price.MaxTextBytes];

    /// <summary>The order of keys where the type of event is not known yet.</summary>
    public KeyOrder AnyOrder => _orders[0];

    /// <summary>The order of keys behind the type of event; types that share one only guess worse.</summary>
    public KeyOrder OrderOf(byte lastLetterOfType) => _orders[lastLetterOfType & (Orders - 1)];

    public void Clear() => _present = 0;

    /// <summary>Where a field's value goes before <see cref="Add"/>; <see cref="EventField.None"/> takes useless ones.</summary>
    public ref Token Place(EventField field) => ref _tokens[(int)field];

    /// <summary>Takes the value that was put in its place.</summary>
    public void Add(EventField field)
    {
        var bit = 1u << (int)field;
        _present = _tokens[(int)field].Type == TokenType.Null ? _present & ~bit : _present | bit;
    }

    /// <summary>Takes the value that was put in its place, and is not null.</summary>
    public void AddPlain(EventField field) => _present |= 1u << (int)field;

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
