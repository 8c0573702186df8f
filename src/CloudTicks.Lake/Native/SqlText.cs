namespace CloudTicks.Lake.Native;

/// <summary>Formats values as SQL literals.</summary>
internal static class SqlText
{
    /// <summary>Formats a text as a literal.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Formats a list of texts as a literal.</summary>
    public static string Quote(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";
}
