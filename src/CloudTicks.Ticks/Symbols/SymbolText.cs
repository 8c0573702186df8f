namespace CloudTicks.Ticks.Symbols;

/// <summary>Several symbols as people write them: blanks, line ends or commas between them.</summary>
public static class SymbolText
{
    /// <summary>The parts, in their order; none of them is empty.</summary>
    public static string[] Split(params IEnumerable<string> texts) => [.. texts.SelectMany(Parts)];

    private static IEnumerable<string> Parts(string text)
    {
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            // "EUR USD" is a pair that is written wrong, and no two shares.
            foreach (var word in words.Length == 2 && words.All(CurrencyCodes.IsCurrency) ? [part] : words)
            {
                yield return word;
            }
        }
    }
}
