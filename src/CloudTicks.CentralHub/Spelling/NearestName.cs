namespace CloudTicks.CentralHub.Spelling;

/// <summary>What somebody probably meant who wrote a name that there is not.</summary>
internal static class NearestName
{
    /// <summary>The known name that is most like what was written.</summary>
    /// <param name="mistakes">The letters that may be wrong; null for two, and more in long names.</param>
    /// <returns>The name; null when none is like it.</returns>
    public static string? Of(string written, IEnumerable<string> known, int? mistakes = null)
    {
        var nearest = known.MinBy(name => Distance(written, name));
        return nearest is not null && Distance(written, nearest) <= (mistakes ?? Math.Max(2, written.Length / 3)) ? nearest : null;
    }

    /// <summary>How many letters must be changed, added or taken away; none at all when the one begins the other.</summary>
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
