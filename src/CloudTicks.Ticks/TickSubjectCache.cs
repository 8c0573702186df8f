namespace CloudTicks.Ticks;

/// <summary>The subjects of symbols in UTF-8, each made once. Serves one caller at a time.</summary>
/// <param name="prefix">What stands before the symbol.</param>
public sealed class TickSubjectCache(string prefix = TickSubject.Prefix)
{
    private readonly Dictionary<Symbol, byte[]> _subjects = [];

    /// <summary>The subject of a symbol.</summary>
    /// <returns>The bytes, which are not to be changed.</returns>
    public byte[] Of(Symbol symbol)
    {
        if (!_subjects.TryGetValue(symbol, out var subject))
        {
            _subjects.Add(symbol, subject = TickSubject.Of(symbol, prefix));
        }

        return subject;
    }
}
