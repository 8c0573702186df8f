using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Frames;

/// <summary>The values of one element by field. The last of duplicate keys counts; null counts as absent.</summary>
internal sealed class ElementFields
{
    private const int OrderCount = 32;

    private readonly Token[] _tokens = new Token[(int)EventField.Z + 1];
    private readonly KeyOrder[] _orders = [.. Enumerable.Range(0, OrderCount).Select(_ => new KeyOrder())];
    private uint _present;

    /// <summary>A buffer for a number in a string with escapes.</summary>
    public byte[] NumberScratch { get; } = new byte[Price.MaxTextBytes];

    /// <summary>The expected order of keys while the event type is unknown.</summary>
    public KeyOrder AnyOrder => _orders[0];

    /// <summary>
    /// The expected order of keys after the event type. Several types may share an order: wrong guesses are then more frequent, which costs
    /// only time.
    /// </summary>
    public KeyOrder OrderOf(byte lastLetterOfType) => _orders[lastLetterOfType & (OrderCount - 1)];

    public void Clear() => _present = 0;

    /// <summary>
    /// Returns where a field's value must be written before <see cref="Add"/>. Values that are not used are written to the place of
    /// <see cref="EventField.None"/>.
    /// </summary>
    public ref Token Place(EventField field) => ref _tokens[(int)field];

    /// <summary>Adds the value written to its <see cref="Place"/>.</summary>
    public void Add(EventField field)
    {
        var bit = 1u << (int)field;
        _present = _tokens[(int)field].Type == TokenType.Null ? _present & ~bit : _present | bit;
    }

    /// <summary>Like <see cref="Add"/>, for a value that is known not to be null.</summary>
    public void AddNonNull(EventField field) => _present |= 1u << (int)field;

    public bool Has(EventField field) => (_present & (1u << (int)field)) != 0;

    public bool TryGet(EventField field, out Token token)
    {
        token = _tokens[(int)field];
        return Has(field);
    }

    /// <summary>Gets the digits of a plain number; false when the field is absent or not a plain number.</summary>
    public bool TryGetDigits(EventField field, out long mantissa, out int decimals)
    {
        ref readonly var token = ref _tokens[(int)field];
        (mantissa, decimals) = (token.Mantissa, token.Decimals);
        return Has(field) && decimals >= 0;
    }
}
