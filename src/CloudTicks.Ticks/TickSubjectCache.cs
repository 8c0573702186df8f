namespace CloudTicks.Ticks;

/// <summary>Caches the subjects of symbols in UTF-8. It is not thread-safe.</summary>
/// <param name="prefix">The tokens before the symbol.</param>
public sealed class TickSubjectCache(string prefix = TickSubject.Prefix)
{
    private readonly Dictionary<Symbol, byte[]> _subjects = [];

    /// <summary>The subject of a symbol.</summary>
    /// <returns>The cached array; do not change it.</returns>
    public byte[] Of(Symbol symbol)
    {
        if (!_subjects.TryGetValue(symbol, out var subject))
        {
            _subjects.Add(symbol, subject = TickSubject.Of(symbol, prefix));
        }

        return subject;
    }
}
