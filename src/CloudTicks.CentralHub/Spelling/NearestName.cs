namespace CloudTicks.CentralHub.Spelling;

/// <summary>Suggests a known name for an unknown one.</summary>
internal static class NearestName
{
    /// <summary>Finds the known name that is most similar to a misspelt one.</summary>
    /// <param name="maxEdits">Maximum number of characters to change, add or remove; null for a third of the length of the misspelt name,
    /// but at least 2.</param>
    /// <returns>The name; null when none is similar.</returns>
    public static string? Of(string misspelt, IEnumerable<string> known, int? maxEdits = null)
    {
        var nearest = known.MinBy(name => Distance(misspelt, name));
        return nearest is not null && Distance(misspelt, nearest) <= (maxEdits ?? Math.Max(2, misspelt.Length / 3)) ? nearest : null;
    }

    /// <summary>Returns the number of characters to change, add or remove; 0 when the known name begins with the misspelt one.</summary>
    private static int Distance(string misspelt, string candidate)
    {
        if (misspelt.Length > 1 && candidate.StartsWith(misspelt, StringComparison.Ordinal))
        {
            return 0;
        }

        var row = Enumerable.Range(0, candidate.Length + 1).ToArray();
        foreach (var (index, letter) in misspelt.Index())
        {
            var diagonal = row[0];
            row[0] = index + 1;
            for (var column = 1; column <= candidate.Length; column++)
            {
                var change = diagonal + (letter == candidate[column - 1] ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(change, Math.Min(row[column], row[column - 1]) + 1);
            }
        }

        return row[^1];
    }
}
