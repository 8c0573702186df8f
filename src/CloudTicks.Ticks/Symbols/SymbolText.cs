namespace CloudTicks.Ticks.Symbols;

/// <summary>Splits a text into symbols, separated by whitespace or commas.</summary>
public static class SymbolText
{
    /// <summary>The parts in order, without empty ones.</summary>
    public static string[] Split(params IEnumerable<string> texts) => [.. texts.SelectMany(Parts)];

    private static IEnumerable<string> Parts(string text)
    {
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            // "EUR USD" is a misspelt pair, not two stocks.
            foreach (var word in words.Length == 2 && words.All(CurrencyCodes.IsCurrency) ? [part] : words)
            {
                yield return word;
            }
        }
    }
}
