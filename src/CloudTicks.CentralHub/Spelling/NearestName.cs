namespace CloudTicks.CentralHub.Spelling;

/// <summary>Suggests a known name for an unknown one.</summary>
internal static class NearestName
{
    /// <summary>Finds the known name most similar to the written one.</summary>
    /// <param name="maxMistakes">Maximum number of wrong characters; null for two, or more in long names.</param>
    /// <returns>The name; null when none is similar.</returns>
    public static string? Of(string written, IEnumerable<string> known, int? maxMistakes = null)
    {
        var nearest = known.MinBy(name => Distance(written, name));
        return nearest is not null && Distance(written, nearest) <= (maxMistakes ?? Math.Max(2, written.Length / 3)) ? nearest : null;
    }

    /// <summary>Returns the number of characters to change, add or remove; 0 when the known name begins with the written one.</summary>
    private static int Distance(string left, string right)
    {
        if (left.Length > 1 && right.StartsWith(left, StringComparison.Ordinal))
        {
            return 0;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        foreach (var (index, letter) in left.Index())
        {
            var diagonal = row[0];
            row[0] = index + 1;
            for (var column = 1; column <= right.Length; column++)
            {
                var change = diagonal + (letter == right[column - 1] ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(change, Math.Min(row[column], row[column - 1]) + 1);
            }
        }

        return row[^1];
    }
}
