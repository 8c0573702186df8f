namespace CloudTicks.Polygon.Frames;

/// <summary>The values of one element by their fields. A key that comes twice counts as it came last; null counts as absent.</summary>
internal sealed class ElementFields
{
    private readonly Token[] _tokens = new Token[(int)EventField.Z + 1];
    private uint _present;

    public void Clear() => _present = 0;

    public void Set(EventField field, Token token)
    {
        if (token.Type == TokenType.Null)
        {
            _present &= ~(1u << (int)field);
            return;
        }

        _tokens[(int)field] = token;
        _present |= 1u << (int)field;
    }

    public bool Has(EventField field) => (_present & (1u << (int)field)) != 0;

    public bool TryGet(EventField field, out Token token)
    {
        token = _tokens[(int)field];
        return Has(field);
    }
}
